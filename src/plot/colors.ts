/**
 * Blue, vermilion, green, orange, lavender, violet: after Okabe and Ito, "Color Universal Design" (2008), moved until each
 * has a contrast of 3 to 1 with white and with the grounds of dark pages, and until any two are further apart for the
 * three kinds of colour blindness (Machado, Oliveira and Fernandes 2009) than theirs are.
 */
export const palette: readonly string[] = ["#326F9E", "#C53A00", "#00A584", "#DB7B0E", "#9E87D6", "#AC42F2"];

/** Halfway between a white and a black page, so that both show them: greys, and a red for texts that warn. */
export const ink = {
  text: "#7a7a7a",
  warning: "#DC4200",
  line: "rgba(128,128,128,0.55)",
  grid: "rgba(128,128,128,0.22)",
} as const;
