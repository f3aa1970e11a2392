// Controls in a notebook that stay alive: sliders, buttons, layouts, outputs, and functions that run again when they change.
export { type AnyWidget, type AnyWidgetDefinition, type AnyWidgetMessage, anywidget } from "./anywidget.js";
export { type ChoiceOptions, type Choices, dropdown, radio } from "./choices.js";
export {
  accordion,
  type BoxOptions,
  type Container,
  column,
  type PagesOptions,
  row,
  tabs,
} from "./containers.js";
export { type DatePickerOptions, datePicker } from "./date-picker.js";
export {
  type Interaction,
  interact,
  type NumberRange,
  type Parameter,
  type ParameterValue,
  type ParameterValues,
  type Run,
} from "./interact.js";
export {
  type Bounds,
  type NumberOptions,
  number,
  type ProgressOptions,
  progress,
  type RangeSliderOptions,
  rangeSlider,
  type SliderOptions,
  slider,
} from "./numbers.js";
export { type Output, output } from "./output.js";
export { type SketchOptions, sketch } from "./sketch.js";
export type { Layout } from "./state.js";
export {
  type Button,
  type ButtonOptions,
  button,
  type CheckboxOptions,
  checkbox,
  type ToggleOptions,
  toggle,
} from "./switches.js";
export { type HtmlOptions, html, type TextareaOptions, type TextOptions, text, textarea } from "./texts.js";
export type { ControlOptions, View, ViewOptions, Widget } from "./widget.js";
