import { expect, test } from 'vitest'
import { type Onlooker, watched } from './progress.ts'

/** Somebody who looks on, by a clock that is moved by hand. */
function onlooker(isTerminal: boolean) {
  let [nowMs, tick]: [number, () => void] = [0, () => undefined]
  const written: string[] = []
  const by: Onlooker = {
    isTerminal,
    write: (text) => void written.push(text),
    dim: (text) => text,
    nowMs: () => nowMs,
    every(_, wanted) {
      tick = wanted
      return () => {
        tick = () => undefined
      }
    },
  }
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 100) {
      nowMs += 100
      tick()
    }
  }
  /** Time goes by and no timer comes to its turn. */
  const compute = (ms: number): void => {
    nowMs += ms
  }
  return { by, written, pass, compute }
}

test('what takes less than a second says nothing', async () => {
  const { by, written, pass } = onlooker(true)
  await watched(
    'Importing',
    (tell) => {
      tell(500, 1_000)
      pass(900)
    },
    by,
  )
  expect(written).toEqual([])
})

test('on a terminal one line is rewritten, and gone at the end', async () => {
  const { by, written, pass } = onlooker(true)
  await watched(
    'Importing',
    (tell) => {
      tell(500, 1_000)
      pass(1_000)
      tell(1_000, 1_000)
      pass(100)
    },
    by,
  )
  expect(written).toEqual([
    '\r\u001b[KImporting: 500 of 1,000 · 500/s · 1 s',
    '\r\u001b[KImporting: 1,000 of 1,000 · 909/s · 1 s',
    '\r\u001b[K',
  ])
})

test('elsewhere lines at intervals, also of one long statement that can tell nothing', async () => {
  const { by, written, pass } = onlooker(false)
  await watched('Publishing', () => pass(5_500), by)
  expect(written).toEqual(['Publishing · 1 s\n', 'Publishing · 3 s\n', 'Publishing · 5 s\n'])
})

test('work that never lets go of the processor is seen by what it tells; one that fails leaves no line behind', async () => {
  const { by, written, compute } = onlooker(true)
  const failing = watched(
    'Simulating',
    (tell) => {
      compute(2_000)
      tell(10, 20)
      throw new Error('no')
    },
    by,
  )
  await expect(failing).rejects.toThrow('no')
  expect(written).toEqual(['\r\u001b[KSimulating: 10 of 20 · 5/s · 2 s', '\r\u001b[K'])
})
