/* Preloaded into a process: harms it at its system calls, as a file of orders says that others write
 * while it runs (see harm.ts). It may be killed in the midst of its n-th call of a kind, be told that
 * calls of a kind fail, and be given another wall clock.
 *
 * CRANEWAY_HARM_FOLDER: files below it count as its own, but for shared memory (-shm).
 * CRANEWAY_HARM_ORDERS: the file of orders; counts are written back to it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

/* writing: into a file of its own; syncing: the same; naming: open to write, rename, unlink below the
 * folder; sending: to a socket or a serial line. */
enum call { writing, syncing, naming, sending, calls };

struct orders {
  uint64_t counts[calls];
  uint64_t kill_at;   /* dies in its call of this number, or in the next one */
  int64_t kill_call;  /* of this kind; -1: does not die */
  int64_t fails[calls]; /* errno of all calls of a kind; 0: they do what they do */
  int64_t clock_ms;   /* is added to the wall clock */
  int64_t free_bytes; /* what a disk says that it has left; 0: what it has */
};

enum { fds_max = 4096 };
static char is_own[fds_max];
static char folder[1024];
static struct orders unordered = {.kill_call = -1};
static struct orders *orders = &unordered;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_sendmsg)(int, const struct msghdr *, int);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fdatasync)(int);
static int (*real_fsync)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_statfs)(const char *, struct statfs64 *);
static int (*real_gettimeofday)(struct timeval *, void *);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

static void die(const char *why) {
  fprintf(stderr, "harm: %s\n", why);
  _exit(99);
}

__attribute__((constructor)) static void begin(void) {
  real_open = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_write = dlsym(RTLD_NEXT, "write");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_sendmsg = dlsym(RTLD_NEXT, "sendmsg");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_statfs = dlsym(RTLD_NEXT, "statfs64");
  real_gettimeofday = dlsym(RTLD_NEXT, "gettimeofday");
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  const char *below = getenv("CRANEWAY_HARM_FOLDER"), *file = getenv("CRANEWAY_HARM_ORDERS");
  if (below == NULL || file == NULL) die("CRANEWAY_HARM_FOLDER and CRANEWAY_HARM_ORDERS must be set");
  if (snprintf(folder, sizeof folder, "%s/", below) >= (int)sizeof folder) die("the folder is too long");
  int fd = real_open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) die("there is no file of orders");
  orders = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (orders == MAP_FAILED) die("the file of orders cannot be mapped");
  real_close(fd);
  memset(orders->counts, 0, sizeof orders->counts);
  /* What it starts itself is not harmed, and does not count. */
  unsetenv("LD_PRELOAD");
}

static int is_ours(const char *path) {
  size_t n = strlen(folder), all = path == NULL ? 0 : strlen(path);
  if (n == 0 || all <= n || strncmp(path, folder, n) != 0) return 0;
  return all <= 4 || strcmp(path + all - 4, "-shm") != 0;
}
static int own(int fd) { return fd >= 0 && fd < fds_max && is_own[fd]; }

static int is_wire(int fd) {
  struct stat is;
  return fd > 2 && fstat(fd, &is) == 0 && (S_ISSOCK(is.st_mode) || S_ISCHR(is.st_mode));
}

static int is_last(enum call call) {
  uint64_t count = __atomic_add_fetch(&orders->counts[call], 1, __ATOMIC_SEQ_CST);
  return orders->kill_call == (int64_t)call && count >= orders->kill_at;
}
static void end(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}
/* Nothing of it happens any more, or it fails. */
static int fails(enum call call) {
  if (is_last(call)) end();
  if (orders->fails[call] == 0) return 0;
  errno = orders->fails[call];
  return 1;
}

static int opened(const char *path, int flags, mode_t mode) {
  int is_new = is_ours(path) && (flags & O_DIRECTORY) == 0 && (flags & O_ACCMODE) != O_RDONLY;
  if (is_new && fails(naming)) return -1;
  int fd = real_open(path, flags, mode);
  if (fd >= fds_max && is_new) die("too many open files");
  if (fd >= 0 && fd < fds_max) is_own[fd] = is_new;
  return fd;
}
#define OPEN(NAME)                                                    \
  int NAME(const char *path, int flags, ...) {                        \
    va_list more;                                                     \
    va_start(more, flags);                                            \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                     \
    return opened(path, flags, mode);                                 \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (fd >= 0 && fd < fds_max) is_own[fd] = 0;
  return real_close(fd);
}

/* Half of the bytes get there before the end. */
static ssize_t put(int fd, const void *bytes, size_t length, off64_t at) {
  if (is_last(writing)) {
    real_pwrite(fd, bytes, length / 2, at);
    end();
  }
  if (orders->fails[writing] == 0) return real_pwrite(fd, bytes, length, at);
  errno = orders->fails[writing];
  return -1;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return own(fd) ? put(fd, bytes, length, at) : real_pwrite(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return own(fd) ? put(fd, bytes, length, at) : real_pwrite(fd, bytes, length, at); }

ssize_t write(int fd, const void *bytes, size_t length) {
  if (own(fd)) {
    if (fails(writing)) return -1;
  } else if (is_wire(fd) && is_last(sending)) {
    real_write(fd, bytes, length / 2);
    end();
  }
  return real_write(fd, bytes, length);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (is_wire(fd) && is_last(sending)) {
    if (count > 0) real_write(fd, parts[0].iov_base, parts[0].iov_len / 2);
    end();
  }
  return real_writev(fd, parts, count);
}
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  if (is_last(sending)) end();
  return real_sendmsg(fd, message, flags);
}

int ftruncate(int fd, off_t length) { return own(fd) && fails(writing) ? -1 : real_ftruncate(fd, length); }
int ftruncate64(int fd, off64_t length) { return own(fd) && fails(writing) ? -1 : real_ftruncate(fd, length); }
int fdatasync(int fd) { return own(fd) && fails(syncing) ? -1 : real_fdatasync(fd); }
int fsync(int fd) { return own(fd) && fails(syncing) ? -1 : real_fsync(fd); }
int unlink(const char *path) { return is_ours(path) && fails(naming) ? -1 : real_unlink(path); }
int rename(const char *from, const char *to) { return is_ours(to) && fails(naming) ? -1 : real_rename(from, to); }

/* On 64-bit Linux both have one layout. */
static int measured(const char *path, struct statfs64 *disk) {
  int result = real_statfs(path, disk);
  if (result == 0 && orders->free_bytes != 0) disk->f_bavail = orders->free_bytes / disk->f_bsize;
  return result;
}
int statfs64(const char *path, struct statfs64 *disk) { return measured(path, disk); }
int statfs(const char *path, struct statfs *disk) { return measured(path, (struct statfs64 *)disk); }

/* Timers and deadlines go by the monotonic clock, which nobody can set. */
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = real_gettimeofday(now, zone);
  if (result == 0 && orders->clock_ms != 0) {
    int64_t us = now->tv_sec * INT64_C(1000000) + now->tv_usec + orders->clock_ms * 1000;
    now->tv_sec = us / 1000000;
    now->tv_usec = us % 1000000;
  }
  return result;
}
int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = real_clock_gettime(clock, now);
  int is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (result == 0 && is_wall && orders->clock_ms != 0) {
    int64_t ns = now->tv_nsec + (orders->clock_ms % 1000) * INT64_C(1000000);
    now->tv_sec += orders->clock_ms / 1000 + ns / INT64_C(1000000000);
    now->tv_nsec = ns % INT64_C(1000000000);
    if (now->tv_nsec < 0) {
      now->tv_nsec += INT64_C(1000000000);
      now->tv_sec--;
    }
  }
  return result;
}
