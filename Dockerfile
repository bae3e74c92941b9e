# Winnow for a PostgreSQL of yours (DATABASE_URL), or on its own in the volume /data.
FROM node:26-bookworm-slim AS install
WORKDIR /winnow
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
COPY packages ./packages
RUN npm ci && npm run build && npm prune --omit=dev

FROM node:26-bookworm-slim
WORKDIR /winnow
ENV NODE_ENV=production WINNOW_HOST=0.0.0.0 WINNOW_PORT=4000 WINNOW_DATA=/data
COPY --from=install /winnow /winnow
COPY examples ./examples
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "scripts/check-ready.mjs"]
# Stopping takes as long as what was accepted needs to be stored.
STOPSIGNAL SIGTERM
CMD ["node", "packages/cli/src/main.ts", "serve"]
