/* Preloaded into a process: notes all that it writes below a folder, and what it has synced, so that a
 * power cut can be replayed at any moment of it. Notes come in the order of the calls, from all threads.
 *
 * CRANEWAY_RECORD_FOLDER: what lies below it is noted, but for shared memory (-shm), which no power cut leaves.
 * CRANEWAY_RECORD_LOG: gets the notes; a record of 128 bytes each (see recording.ts), then its bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { fds_max = 4096, name_max = 104 };

struct record {
  char op;
  char unused[7];
  int64_t offset;
  int64_t length;
  char name[name_max];
};

static char names[fds_max][name_max];
static char folder[1024];
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fdatasync)(int);
static int (*real_fsync)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);

static void die(const char *why) {
  fprintf(stderr, "recorder: %s\n", why);
  _exit(99);
}

__attribute__((constructor)) static void begin(void) {
  real_open = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_rename = dlsym(RTLD_NEXT, "rename");
  const char *below = getenv("CRANEWAY_RECORD_FOLDER"), *log = getenv("CRANEWAY_RECORD_LOG");
  if (below == NULL || log == NULL) die("CRANEWAY_RECORD_FOLDER and CRANEWAY_RECORD_LOG must be set");
  if (snprintf(folder, sizeof folder, "%s/", below) >= (int)sizeof folder) die("the folder is too long");
  log_fd = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) die("the log cannot be written");
}

/* Its name below the folder; NULL: not ours. */
static const char *ours(const char *path) {
  size_t n = strlen(folder), all = path == NULL ? 0 : strlen(path);
  if (n == 0 || all <= n || strncmp(path, folder, n) != 0) return NULL;
  if (all > 4 && strcmp(path + all - 4, "-shm") == 0) return NULL;
  if (all - n >= name_max) die("a name is too long");
  return path + n;
}

static const char *name_of(int fd) {
  return fd >= 0 && fd < fds_max && names[fd][0] != 0 ? names[fd] : NULL;
}

static void put(const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t n = real_write(log_fd, at, length);
    if (n <= 0) die("the log cannot be written");
    at += n;
    length -= n;
  }
}

static void note(char op, const char *name, int64_t offset, int64_t length, const void *bytes) {
  struct record record = {.op = op, .offset = offset, .length = length};
  if (name != NULL) strcpy(record.name, name);
  put(&record, sizeof record);
  if (bytes != NULL) put(bytes, length);
}

static int opened(int fd, const char *path, int flags) {
  const char *name = ours(path);
  if (fd < 0) return fd;
  if (fd >= fds_max) {
    if (name != NULL) die("too many open files");
    return fd;
  }
  pthread_mutex_lock(&lock);
  names[fd][0] = 0;
  if (name != NULL && (flags & O_DIRECTORY) == 0 && (flags & O_ACCMODE) != O_RDONLY) {
    strcpy(names[fd], name);
    note('C', name, 0, 0, NULL);
    if (flags & O_TRUNC) note('T', name, 0, 0, NULL);
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

static mode_t mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;
}

#define OPEN(NAME)                                    \
  int NAME(const char *path, int flags, ...) {        \
    va_list more;                                     \
    va_start(more, flags);                            \
    mode_t mode = mode_of(flags, more);               \
    va_end(more);                                     \
    return opened(real_open(path, flags, mode), path, flags); \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (fd == log_fd) return 0;
  pthread_mutex_lock(&lock);
  if (fd >= 0 && fd < fds_max) names[fd][0] = 0;
  int result = real_close(fd);
  pthread_mutex_unlock(&lock);
  return result;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  int is_ack = fd == 1 && length > 4 && memcmp(bytes, "ACK ", 4) == 0;
  if (!is_ack && name_of(fd) == NULL) return real_write(fd, bytes, length);
  pthread_mutex_lock(&lock);
  off64_t at = is_ack ? 0 : lseek64(fd, 0, SEEK_CUR);
  ssize_t n = real_write(fd, bytes, length);
  if (n > 0) note(is_ack ? 'A' : 'W', is_ack ? NULL : name_of(fd), at, n, bytes);
  pthread_mutex_unlock(&lock);
  return n;
}

static ssize_t positioned(int fd, const void *bytes, size_t length, off64_t at) {
  if (name_of(fd) == NULL) return real_pwrite(fd, bytes, length, at);
  pthread_mutex_lock(&lock);
  ssize_t n = real_pwrite(fd, bytes, length, at);
  if (n > 0) note('W', name_of(fd), at, n, bytes);
  pthread_mutex_unlock(&lock);
  return n;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return positioned(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return positioned(fd, bytes, length, at); }

static int truncated(int fd, off64_t length) {
  if (name_of(fd) == NULL) return real_ftruncate(fd, length);
  pthread_mutex_lock(&lock);
  int result = real_ftruncate(fd, length);
  if (result == 0) note('T', name_of(fd), length, 0, NULL);
  pthread_mutex_unlock(&lock);
  return result;
}
int ftruncate(int fd, off_t length) { return truncated(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncated(fd, length); }

/* Covers what was written before it began; other threads write on meanwhile. */
static int synced(int fd, int (*sync)(int)) {
  const char *name = name_of(fd);
  if (name == NULL) return sync(fd);
  int64_t thread = syscall(SYS_gettid);
  pthread_mutex_lock(&lock);
  note('B', name, thread, 0, NULL);
  pthread_mutex_unlock(&lock);
  int result = sync(fd);
  pthread_mutex_lock(&lock);
  if (result == 0) note('S', name, thread, 0, NULL);
  pthread_mutex_unlock(&lock);
  return result;
}
int fdatasync(int fd) { return synced(fd, real_fdatasync); }
int fsync(int fd) { return synced(fd, real_fsync); }

int unlink(const char *path) {
  pthread_mutex_lock(&lock);
  int result = real_unlink(path);
  if (result == 0 && ours(path) != NULL) note('U', ours(path), 0, 0, NULL);
  pthread_mutex_unlock(&lock);
  return result;
}

int rename(const char *from, const char *to) {
  pthread_mutex_lock(&lock);
  int result = real_rename(from, to);
  if (result == 0 && ours(from) != NULL && ours(to) != NULL) note('R', ours(from), 0, strlen(ours(to)), ours(to));
  else if (result == 0 && (ours(from) != NULL || ours(to) != NULL)) die("a file was moved in or out");
  pthread_mutex_unlock(&lock);
  return result;
}

/* Ways to write that are not noted: who takes one of them must not go unseen. */
#define UNKNOWN(NAME, PARAMETERS, ARGUMENTS, RESULT)                   \
  RESULT NAME PARAMETERS {                                             \
    RESULT (*real) PARAMETERS = dlsym(RTLD_NEXT, #NAME);               \
    if (name_of(fd) != NULL) die(#NAME " is not noted");               \
    return real ARGUMENTS;                                             \
  }
UNKNOWN(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), ssize_t)
UNKNOWN(pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at), ssize_t)
UNKNOWN(pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at), ssize_t)
UNKNOWN(posix_fallocate, (int fd, off_t at, off_t length), (fd, at, length), int)
UNKNOWN(posix_fallocate64, (int fd, off64_t at, off64_t length), (fd, at, length), int)
UNKNOWN(fallocate64, (int fd, int mode, off64_t at, off64_t length), (fd, mode, at, length), int)
UNKNOWN(dup, (int fd), (fd), int)
