// Stored with every figure, so it is short: it fetches the code that all figures of a page share.
// A module from a blob cannot import another one by name, and a widget is found by its id:
// https://anywidget.dev/en/afm/
export default {
  async render(context) {
    const id = context.model.get("code").slice("IPY_MODEL_".length);
    const code = await context.model.widget_manager.get_model(id);
    const source = new Blob([code.get("source")], { type: "text/javascript" });
    code.lecture ??= import(URL.createObjectURL(source));
    return (await code.lecture).render(context);
  },
};
