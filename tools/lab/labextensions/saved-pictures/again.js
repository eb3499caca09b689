/* A saved figure that JupyterLab gave up is shown after all.

When a notebook is opened, its figures wait for their widgets, two seconds each. On a busy machine
its new kernel has often answered by then, while the widgets that the notebook brings are not read
yet: the figure says "model not found", and nobody asks again when they are there
(jupyterlab_widgets 3.0.17: renderer.ts, manager.ts). So it is asked again here.

JupyterLab takes a file as what webpack makes of a module: a container with `init` and `get`
(https://webpack.js.org/concepts/module-federation/). */

const LOST = "Error displaying widget: model not found";
const PAUSE = 1000; // milliseconds between two looks
const LOOKS = 60; // after the kernel is there; then what is missing stays so

/** Ask again for each figure of a notebook that was given up. */
function askAgain(notebook) {
  for (const { outputArea } of notebook.widgets) {
    if (!outputArea?.node.textContent.includes(LOST)) continue; // a text, or all is well
    outputArea.widgets.forEach(({ widgets }, i) => {
      const renderer = [...(widgets ?? [])].find((one) => one.node.textContent === LOST);
      if (!renderer?.renderModel) return;
      renderer.removeClass("jupyter-widgets");
      void renderer.renderModel(outputArea.model.get(i));
    });
  }
}

/** Look at a notebook from now on, for a while. */
async function watch(panel) {
  for (let looks = 0; looks < LOOKS && !panel.isDisposed; looks += 1) {
    askAgain(panel.content);
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

const plugin = {
  id: "saved-pictures:again",
  autoStart: true,
  activate: (app) =>
    app.docRegistry.addWidgetExtension("Notebook", {
      createNew(panel, { sessionContext }) {
        sessionContext.connectionStatusChanged.connect((_, status) => {
          if (status === "connected") void watch(panel);
        });
        void watch(panel); // its kernel may be there already
      },
    }),
};

globalThis._JUPYTERLAB ??= {};
globalThis._JUPYTERLAB["saved-pictures"] = {
  init: () => undefined, // nothing is shared
  get: async () => () => ({ __esModule: true, default: plugin }),
};
