// What passes between a view in the page and Python. Two messages are under way at most: one is
// answered while the next one travels. Of a hand's many places in a row only the newest is told.

const AHEAD = 2;
export const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
};
const PATIENCE = 5000; // milliseconds without an answer, after which the reader is told
const SILENT =
  "Python does not answer. It may be busy; if it was stopped or restarted, run this cell again.";

export class Talk {
  // A view brings `hear(news, buffers)`, and `note`, where it says that nobody answers; `calm` is
  // how many milliseconds without anything new it takes until the hand rests.
  constructor({ model, el }, calm = 250) {
    Object.assign(this, { model, el, calm });
    this.queue = []; // what is to be told, in order
    this.open = new Set(); // numbers of the messages that wait for an answer
    this.number = 0; // of the message told last
    this.heard = (news, buffers) => {
      this.open.delete(news.to); // none, where it is no answer
      this.note.textContent = "";
      this.hear(news, buffers);
      this.tell();
      this.wait();
      this.rest();
    };
    model.on("msg:custom", this.heard);
    // JupyterLab's shortcuts take the arrow keys of whatever has the focus and does not say this:
    // https://jupyterlab.readthedocs.io/en/4.2.x/extension/notebook.html#keyboard-interaction-model
    el.addEventListener("focusin", ({ target }) => {
      target.dataset.lmSuppressShortcuts = "true";
    });
  }

  end() {
    this.ended = true;
    this.model.off("msg:custom", this.heard);
    for (const timer of [this.resting, this.late]) clearTimeout(timer);
  }

  // Of messages with one key that wait in a row, the newest is told.
  ask(message, key) {
    if (key && this.queue.at(-1)?.key === key) this.queue.pop();
    this.queue.push({ message, key });
    this.tell();
  }

  tell() {
    while (this.queue.length && this.open.size < AHEAD) {
      this.open.add(++this.number);
      this.send({ ...this.queue.shift().message, to: this.number });
      this.wait();
    }
  }

  // Whether Python has something to say.
  get due() {
    return this.open.size > 0;
  }

  wait() {
    clearTimeout(this.late);
    if (this.due) this.late = setTimeout(() => this.silent(), PATIENCE);
  }

  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (!this.due && !this.ended) this.send({ do: "rest" });
    }, this.calm);
  }

  send(message) {
    try {
      this.model.send(message);
    } catch {
      this.silent(); // the connection of a kernel that is gone
    }
  }

  silent() {
    this.note.textContent = SILENT;
  }
}
