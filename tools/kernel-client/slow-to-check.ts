/** A cell whose check takes ten seconds. */
export const SLOW_TO_CHECK = `
type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Number4 = \`\${Digit}\${Digit}\${Digit}\${Digit}\`;
type Split<Text> = Text extends \`\${infer First}\${infer Rest}\` ? [First, Split<Rest>] : 0;
let hog: { [Each in Number4]: Split<\`\${Each}\${Digit}\${Digit}\`> }[Number4] = JSON.parse("[]");`;
