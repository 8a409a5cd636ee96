# One image a service: docker build --target ingest . (or detector, detector-gpu, fanout, llm, gateway, keys).
# compose/compose.yaml builds them; it also says what each may do.

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app

# What decides which packages are installed, and nothing else, so that a change of code installs none.
FROM base AS manifests
COPY package.json package-lock.json .npmrc ./
COPY bench/package.json bench/
COPY cli/package.json cli/
COPY compose/package.json compose/
COPY contract/package.json contract/
COPY detector/package.json detector/
COPY fanout/package.json fanout/
COPY gateway/package.json gateway/
COPY ingest/package.json ingest/
COPY llm/package.json llm/
COPY models/package.json models/
COPY test/package.json test/

FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
# The tests hold the types.
RUN npx tsc --build --noCheck

FROM manifests AS packages
COPY compose/images/packages.sh ./

FROM packages AS ingest-packages
RUN --mount=type=cache,target=/root/.npm sh packages.sh contract ingest

FROM packages AS detector-packages
RUN --mount=type=cache,target=/root/.npm sh packages.sh contract models detector
# onnxruntime-node brings the libraries of every system.
RUN cd node_modules/onnxruntime-node/bin/napi-v* && rm -rf darwin win32

# CUDA's part of onnxruntime-node, for CUDA 12 and cuDNN 9.
FROM detector-packages AS detector-gpu-packages
RUN node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12

FROM packages AS fanout-packages
RUN --mount=type=cache,target=/root/.npm sh packages.sh contract fanout

FROM packages AS llm-packages
RUN --mount=type=cache,target=/root/.npm sh packages.sh contract llm

FROM packages AS gateway-packages
RUN --mount=type=cache,target=/root/.npm sh packages.sh contract gateway

FROM packages AS keys-packages
RUN --mount=type=cache,target=/root/.npm sh packages.sh contract compose

FROM base AS ingest
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
COPY --from=ingest-packages /app ./
COPY --from=build /app/contract/dist/src contract/dist/src
COPY --from=build /app/ingest/dist/src ingest/dist/src
USER node
CMD ["node", "ingest/dist/src/main.js"]

FROM base AS detector
RUN apt-get update \
  && apt-get install -y --no-install-recommends libturbojpeg0 \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
COPY --from=detector-packages /app ./
COPY --from=build /app/contract/dist/src contract/dist/src
COPY --from=build /app/models models
COPY --from=build /app/detector/dist/src detector/dist/src
USER node
CMD ["node", "detector/dist/src/main.js"]

FROM nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04 AS detector-gpu
WORKDIR /app
RUN apt-get update \
  && apt-get install -y --no-install-recommends libturbojpeg \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production DETECTOR_PROVIDERS=cuda REQUIRE_GPU=true
COPY --from=base /usr/local/bin/node /usr/local/bin/
COPY --from=detector-gpu-packages /app ./
COPY --from=build /app/contract/dist/src contract/dist/src
COPY --from=build /app/models models
COPY --from=build /app/detector/dist/src detector/dist/src
USER 1000:1000
CMD ["node", "detector/dist/src/main.js"]

FROM base AS fanout
ENV NODE_ENV=production
COPY --from=fanout-packages /app ./
COPY --from=build /app/contract/dist/src contract/dist/src
COPY --from=build /app/fanout/page fanout/page
COPY --from=build /app/fanout/dist/page fanout/dist/page
COPY --from=build /app/fanout/dist/src fanout/dist/src
USER node
CMD ["node", "fanout/dist/src/main.js"]

FROM base AS llm
ENV NODE_ENV=production
COPY --from=llm-packages /app ./
COPY --from=build /app/contract/dist/src contract/dist/src
COPY --from=build /app/llm/dist/src llm/dist/src
USER node
CMD ["node", "llm/dist/src/main.js"]

# Writes Kong's file; is the gateway itself in compose.embedded-gateway.yaml.
FROM base AS gateway
# Volumes take their owner from here.
RUN install -d -o node -g node /kong /keys
ENV NODE_ENV=production
COPY --from=gateway-packages /app ./
COPY --from=build /app/contract/dist/src contract/dist/src
COPY --from=build /app/gateway/kong.yml gateway/
COPY --from=build /app/gateway/dist/src gateway/dist/src
USER node
CMD ["node", "gateway/dist/src/main.js"]

# Makes up the passwords that nobody set.
FROM base AS keys
RUN install -d -o node -g node /keys/all /keys/nats /keys/mediamtx /keys/ingest /keys/detector \
  /keys/fanout /keys/prometheus
ENV NODE_ENV=production
COPY --from=keys-packages /app ./
COPY --from=build /app/contract/dist/src contract/dist/src
COPY --from=build /app/compose/dist/src compose/dist/src
USER node
CMD ["node", "compose/dist/src/keys/main.js"]
