// Stands in for plugins of other clouds, whose binary no package registry has: a resource has its inputs as outputs, and what the cloud adds.
const { isDeepStrictEqual } = require("node:util");
const { serve, UNKNOWN } = require("../plugin-server.cjs");

/**
 * @param name - Of the npm package: `@pulumi/<name>`.
 * @param added - What a cloud adds to the inputs of a resource, by the last part of the type. A value that is given stays.
 * @param replaces - Inputs whose change replaces a resource.
 */
function serveCloud(name, { added = {}, replaces = [] } = {}) {
  const outputsOf = (type, inputs, isPreview) => {
    const more = Object.entries(added[type.split(":").at(-1)] ?? {});
    return {
      ...Object.fromEntries(more.map(([key, create]) => [key, isPreview ? UNKNOWN : create(inputs)])),
      ...inputs,
    };
  };
  serve({
    version: require(`@pulumi/${name}/package.json`).version,
    resources: (type) => ({
      diff(state, news) {
        const changed = Object.keys(news).filter((key) => !isDeepStrictEqual(state[key], news[key]));
        return { changed, replaces: changed.filter((key) => replaces.includes(key)) };
      },
      create: (inputs, isPreview) => ({
        id: isPreview ? "" : `${name}-for-tests`,
        outputs: outputsOf(type, inputs, isPreview),
      }),
      // What was added before stays: a connection keeps its address.
      update: (state, news) => ({ ...state, ...news }),
    }),
  });
}

module.exports = { serveCloud };
