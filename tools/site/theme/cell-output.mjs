import { withBase } from "vitepress";
import { defineComponent, h, onBeforeUnmount, onMounted, ref } from "vue";

let library;

/** Loads plotly.js, once and only for a page that shows a figure. */
function loadPlotly() {
  library ??= new Promise((settle, reject) => {
    const script = document.createElement("script");
    script.src = withBase("/plotly.js");
    script.onload = () => settle(window.Plotly);
    script.onerror = () => reject(new Error(`Cannot draw the figure: ${script.src} must load`));
    document.head.append(script);
  });
  return library;
}

/** An output of a cell: HTML, or a picture that becomes a live figure when it comes into view. */
export const CellOutput = defineComponent({
  props: { html: { type: String, required: true }, figure: { type: String, default: "" } },
  setup({ html, figure }) {
    const place = ref();
    let observer;
    const draw = async ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      observer.disconnect();
      const [plotly, answer] = await Promise.all([loadPlotly(), fetch(withBase(figure))]);
      const { data, layout, config } = await answer.json();
      // The reader may have left the page meanwhile.
      if (place.value === null) return;
      place.value.replaceChildren();
      await plotly.newPlot(place.value, data, layout, { ...config, responsive: true });
    };
    onMounted(() => {
      if (figure === "") return;
      observer = new IntersectionObserver(draw, { rootMargin: "200px" });
      observer.observe(place.value);
    });
    onBeforeUnmount(() => observer?.disconnect());
    return () => h("div", { ref: place, class: ["cell-output", { figure }], innerHTML: html });
  },
});
