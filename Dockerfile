# One image for API, worker, migrate and simulator: `node src/main.ts api|worker|migrate`, `node simulator/main.ts`.
# glibc, since Temporal's native core does not run on musl; slim has no certificates of its own.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings Node: the copy that npm installs for development machines would double its size.
RUN npm ci --omit=dev \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM dependencies AS build
COPY tsconfig.json ./
COPY src src
COPY tools/build-workflows.ts tools/
RUN node tools/build-workflows.ts

FROM ${NODE_IMAGE}
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# A named volume that is mounted here takes over this owner.
RUN install --directory --owner=node --group=node /var/lib/tenantry
COPY --from=dependencies /app/package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY src src
COPY console console
COPY simulator simulator
# The container's limit decides; the rest is for Temporal's native core.
ENV NODE_ENV=production NODE_OPTIONS=--max-old-space-size-percentage=80
USER node
EXPOSE 3000
CMD ["node", "src/main.ts", "api"]
