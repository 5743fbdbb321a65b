import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/**
 * The provider's own book: one line for each letter it accepted, on disk before the sender hears of it. It is the
 * other half of every reconciliation and knows nothing of our database.
 */
export type Entry = { readonly id: string; readonly to: string; readonly at: number; readonly how: string }

export type Book = { write(entry: Entry): Promise<void>; close(): void }

/** Letters that arrive together are brought to disk together. */
export function openBook(file: string): Book {
  const fd = openSync(file, 'a')
  let waiting: { line: string; told: () => void }[] = []
  let planned = false

  const flush = (): void => {
    planned = false
    const batch = waiting
    waiting = []
    // A new line first: a provider that was killed in the middle of a word must not spoil the next entry.
    writeSync(fd, `\n${batch.map((one) => one.line).join('\n')}\n`)
    fsyncSync(fd)
    for (const one of batch) one.told()
  }

  return {
    write: (entry) =>
      new Promise((told) => {
        waiting.push({ line: JSON.stringify(entry), told })
        if (planned) return
        planned = true
        setImmediate(flush)
      }),
    close: () => closeSync(fd),
  }
}

/** Every whole entry. Half a line was never acknowledged to anybody. */
export function readBook(file: string): Entry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (line === '') return []
      try {
        return [JSON.parse(line) as Entry]
      } catch {
        return []
      }
    })
}
