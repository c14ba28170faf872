# What does not pass here gets into no image. The tests are run by `npm run check`, not here.
FROM node:24-slim AS check
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY biome.json tsconfig.json ./
COPY src src
COPY devices devices
COPY simulators simulators
COPY config config
RUN npx --no-install biome check --error-on-warnings
RUN npx --no-install tsc
RUN node src/cli/generate.ts --check
RUN node src/cli/craneway.ts check

# What runs needs no system packages: serial ports are opened by their path, never listed.
FROM node:24-slim
ENV NODE_ENV=production
ENV CRANEWAY_URL=http://127.0.0.1:8080
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --no-audit --no-fund
COPY --from=check /app/src src
COPY --from=check /app/devices devices
COPY --from=check /app/simulators simulators
COPY --from=check /app/config config
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
# Also red while a machine is switched off: to be shown. Who restarts by itself asks /health/live instead.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`${process.env.CRANEWAY_URL}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/cli/craneway.ts"]
# The site is mounted as /app/config/sites/site.yaml; without it, the log says so.
CMD ["run", "site", "--data", "/data"]
