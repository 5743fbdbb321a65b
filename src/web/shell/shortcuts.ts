/** What was pressed, in the words of a keyboard hint: ['Mod', 'K'], ['?'], ['G', 'then', 'T']. */
export type Keys = readonly string[]
type Stroke = { readonly key: string; readonly mod: boolean }
type Bound = { readonly keys?: Keys | undefined }
type Answer<One> =
  | { readonly is: 'run'; readonly command: One }
  | { readonly is: 'wait' }
  | { readonly is: 'none' }

const spelled = ({ key, mod }: Stroke): string => (mod ? `Mod+${key}` : key)
const strokesOf = (keys: Keys): readonly string[] =>
  keys[0] === 'Mod' ? [`Mod+${keys[1]}`] : keys.filter((key) => key !== 'then')

export function strokeOf(event: { key: string; metaKey: boolean; ctrlKey: boolean }): Stroke {
  return {
    key: event.key.length === 1 ? event.key.toUpperCase() : event.key,
    mod: event.metaKey || event.ctrlKey,
  }
}

/** What a stroke means after the one before it. A first key that leads somewhere waits for its second. */
export function answer<One extends Bound>(
  commands: readonly One[],
  before: Stroke | null,
  stroke: Stroke,
): Answer<One> {
  const pressed = spelled(stroke)
  const bound = commands.flatMap((command) =>
    command.keys ? [{ command, strokes: strokesOf(command.keys) }] : [],
  )
  const whole = bound.find(({ strokes }) =>
    before
      ? strokes.length === 2 && strokes[0] === spelled(before) && strokes[1] === pressed
      : strokes.length === 1 && strokes[0] === pressed,
  )
  if (whole) return { is: 'run', command: whole.command }
  if (before) return { is: 'none' }
  return bound.some(({ strokes }) => strokes.length === 2 && strokes[0] === pressed)
    ? { is: 'wait' }
    : { is: 'none' }
}

/** Single keys are for reading; where somebody writes, or where a dialog has the word, they are letters. */
export function isForWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}
