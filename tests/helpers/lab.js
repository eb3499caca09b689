// What the tests do inside of JupyterLab's page: a call for each move from outside would take longer.
(() => {
  // What a figure shows: the address of an image, or a sum of all pixels of a canvas.
  function look(box) {
    const image = box.querySelector(":scope > img");
    if (image) return image.src;
    const canvas = box.querySelector("canvas");
    if (canvas.dataset.drawn !== canvas.summed) {
      const size = [canvas.width, canvas.height];
      const { data } = canvas.getContext("2d").getImageData(0, 0, ...size);
      const pixels = new Uint32Array(data.buffer);
      let sum = 0;
      for (let i = 0; i < pixels.length; i++) sum = (sum * 31 + pixels[i]) | 0;
      canvas.summed = canvas.dataset.drawn;
      canvas.sum = `canvas ${size} ${sum}`;
    }
    return canvas.sum;
  }

  // Begin to watch; `box.answer(patience)` then tells whether the picture has changed. No is said
  // so many milliseconds after the kernel has answered all that it was asked: what is sent to it
  // is open until it is idle again after just that message.
  function ask(box) {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const before = look(box);
    const open = new Set();
    const listen = (_, { msg, direction }) => {
      if (direction === "send") open.add(msg.header.msg_id);
      else if (msg.content.execution_state === "idle") open.delete(msg.parent_header.msg_id);
    };
    kernel.anyMessage.connect(listen);
    box.answer = async (patience) => {
      const begun = performance.now();
      for (let busy = begun, now = begun; now < begun + 60_000; now = performance.now()) {
        const changed = look(box) !== before;
        if (open.size) busy = now;
        if (changed || now > busy + patience) {
          kernel.anyMessage.disconnect(listen);
          return changed;
        }
        await new Promise((done) => setTimeout(done, 5));
      }
      throw new Error("the kernel was busy for a minute");
    };
  }

  const label = (button) => button.innerText.trim();
  const press = (handle, key) => handle.dispatchEvent(new KeyboardEvent("keydown", { key }));
  const choose = (menu, j) => {
    menu.selectedIndex = j;
    menu.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // Each control of a figure: its name, and what a reader can do to it.
  function controls(box) {
    const all = (query) => [...box.querySelectorAll(query)].filter((node) => !node.disabled);
    const twice = (node) => [() => node.click(), () => node.click()];
    const named = (kind, nodes, actions) => nodes.map((n, i) => [`${kind} ${i}`, actions(n)]);
    return [
      ...named("slider", all(".noUi-handle"), (h) => ["End", "Home"].map((k) => () => press(h, k))),
      ...named("menu", all("select"), (m) =>
        // The first at the end: what other menus offer may depend on this one.
        [...m.options].map((_, j) => () => choose(m, j)).reverse(),
      ),
      ...named("box", all("input[type=checkbox], input[type=radio]"), twice),
      ...named("play", all(".widget-play button:first-child"), twice),
    ];
  }

  // Move every control there and back; tell which moved nothing, and what went wrong.
  async function tryAll(box) {
    const changes = (act, patience) => {
      ask(box);
      act();
      return box.answer(patience);
    };
    const buttons = [...box.querySelectorAll("button.jupyter-button")].filter(label);
    const reset = buttons.find((button) => ["reset", "first setting"].includes(label(button)));
    const still = [];
    const wrong = [];
    const listen = (name) => {
      const words = box.querySelector("[role=status]");
      const error = words.querySelector("b");
      if (error) wrong.push(`${name}: ${error.innerText}`);
      if (!words.innerText) wrong.push(`${name}: no words`);
    };
    for (const [name, actions] of controls(box)) {
      let moved = false;
      for (const patience of [50, 50, 3000]) {
        // A player needs time; and other controls may stand where this one shows nothing.
        for (const act of actions) {
          moved = (await changes(act, patience)) || moved;
          listen(name);
          if (moved && !name.startsWith("play")) break;
        }
        if (moved) break;
        await changes(() => reset.click(), 50);
      }
      if (!moved) still.push(name);
    }
    for (const button of buttons) {
      await changes(() => button.click(), 50);
      listen(label(button));
    }
    return [still, wrong];
  }

  window.lectureTests = { look, ask, tryAll };
})();
