/** What the search's measure sees from within the page. */

/** What `watch` collects in the page. */
export interface Watched {
  held: number[];
  shown: number[];
  painted: number[];
  longTasks: number;
  interactiveMs: number;
  reset: () => void;
  untilFinal: (text: string) => Promise<number>;
}

/** Runs in the page, before anything of its own. */
export function watch(): void {
  const watched: Watched = {
    held: [],
    shown: [],
    painted: [],
    longTasks: 0,
    interactiveMs: 0,
    reset() {
      Object.assign(watched, { held: [], shown: [], painted: [], longTasks: 0 });
    },
    untilFinal(text) {
      return new Promise((resolve) => {
        const input = document.querySelector('input[type="search"]') as HTMLInputElement;
        const status = document.querySelector('registry-search [role="status"]') as HTMLElement;
        const list = document.querySelector('[data-search-results]') as HTMLElement;
        const begun = performance.now();
        let shownAt = 0;
        const lists = new MutationObserver(() => {
          shownAt = performance.now();
        });
        lists.observe(list, { childList: true, characterData: true, subtree: true });
        const statuses = new MutationObserver(() => {
          lists.disconnect();
          statuses.disconnect();
          resolve(shownAt - begun);
        });
        status.textContent = '';
        input.value = text;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        requestAnimationFrame(() => statuses.observe(status, { childList: true, characterData: true, subtree: true }));
      });
    },
  };
  Object.assign(globalThis, { watched });
  new PerformanceObserver((list) => {
    watched.longTasks += list.getEntries().length;
  }).observe({ type: 'longtask' });
  customElements.whenDefined('registry-search').then(() => {
    // What was queued before has been done when this comes.
    setTimeout(() => {
      watched.interactiveMs = performance.now();
    });
  });
  document.addEventListener(
    'input',
    (event) => {
      if (!event.isTrusted) return;
      const begun = performance.now();
      const list = document.querySelector('[data-search-results]') as HTMLElement;
      let isShown = false;
      const observer = new MutationObserver(() => {
        if (isShown) return;
        isShown = true;
        void list.offsetHeight;
        watched.shown.push(performance.now() - begun);
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => watched.painted.push(performance.now() - begun);
          port2.postMessage(null);
        });
      });
      observer.observe(list, { childList: true, characterData: true, subtree: true });
      // The last of all that hear of this keystroke.
      addEventListener(
        'input',
        () => {
          void list.offsetHeight;
          watched.held.push(performance.now() - begun);
        },
        { once: true },
      );
      setTimeout(() => observer.disconnect(), 1000);
    },
    { capture: true },
  );
}
