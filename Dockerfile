# Tám in one image: every role, no shell tricks, not root. Data lives in /data.
#
#   docker build -t tam .
#   docker run -p 8080:8080 -v tam:/data tam

FROM node:24-bookworm-slim AS build
WORKDIR /app

# What decides which packages are installed, alone: a change of code installs nothing again.
COPY package.json package-lock.json .npmrc ./
COPY packages/util/package.json packages/util/
COPY packages/protocol/package.json packages/protocol/
COPY packages/client/package.json packages/client/
COPY packages/testkit/package.json packages/testkit/
COPY packages/server/package.json packages/server/
COPY apps/web/package.json apps/web/
RUN npm ci --no-audit --no-fund

COPY tsconfig.base.json ./
COPY packages packages
COPY apps/web apps/web
COPY tools/run.ts tools/web-build.ts tools/
RUN node_modules/.bin/bun tools/web-build.ts

# From here on only what the server needs; its interpreter is a package of the tools.
RUN cp node_modules/bun/bin/bun.exe bun
RUN npm ci --omit=dev --workspace packages/server --no-audit --no-fund

FROM debian:bookworm-slim
WORKDIR /app
COPY --from=build /app/bun /usr/local/bin/bun
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/packages/util packages/util
COPY --from=build /app/packages/protocol packages/protocol
COPY --from=build /app/packages/server packages/server
COPY --from=build /app/apps/web/dist apps/web/dist
COPY deploy/healthcheck.ts deploy/

# A number, so that Kubernetes can tell that it is not root. A named volume takes over the owner of /data.
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001
VOLUME /data

# Nothing is written but to /data: the root file system may be read-only.
ENV NODE_ENV=production \
    BUN_RUNTIME_TRANSPILER_CACHE_PATH=0 \
    BUN_JSC_useFTLJIT=0 \
    TAM_HOST=0.0.0.0 \
    TAM_PORT=8080 \
    TAM_DATA_DIR=/data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["bun", "/app/deploy/healthcheck.ts"]
ENTRYPOINT ["bun", "/app/packages/server/src/main.ts"]
CMD ["serve"]
