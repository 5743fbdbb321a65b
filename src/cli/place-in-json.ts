/** Where in a file a JSON pointer leads: line and column, for problems that a person has to go to. */
export type Place = { readonly line: number; readonly column: number }

/** Every value of the text by its pointer. The text must be JSON; what it means is of no interest here. */
export function placesIn(text: string): (pointer: string) => Place {
  const offsets = new Map<string, number>()
  const open: { key: string | null; index: number; pointer: string }[] = []
  let expectsKey = false
  let pointer = ''
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [word] = found
    const frame = open.at(-1)
    if (word === '}' || word === ']') {
      open.pop()
      expectsKey = false
    } else if (word === ',') {
      if (frame && frame.key === null) frame.index += 1
      expectsKey = frame?.key !== null
    } else if (word === ':') expectsKey = false
    else if (expectsKey && frame) {
      frame.key = JSON.parse(word) as string
      offsets.set(`${frame.pointer}/${escaped(frame.key)}`, found.index)
    } else {
      pointer = frame ? `${frame.pointer}/${frame.key === null ? frame.index : escaped(frame.key)}` : ''
      // A key was noted already, and is the better place for what is wrong with its value.
      if (!offsets.has(pointer)) offsets.set(pointer, found.index)
      if (word === '{' || word === '[') open.push({ key: word === '{' ? '' : null, index: 0, pointer })
      expectsKey = word === '{'
    }
  }
  return (wanted) => placeAt(text, offsetOf(offsets, wanted))
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** A missing thing is told at the nearest thing around it that is there. */
function offsetOf(offsets: ReadonlyMap<string, number>, pointer: string): number {
  for (let at = pointer; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const offset = offsets.get(at)
    if (offset !== undefined || at === '') return offset ?? 0
  }
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}
