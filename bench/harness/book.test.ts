import { expect, test } from 'vitest'
import { Book } from './book.ts'
import { wrongCounts } from './figures.ts'

test('a book in which everything was made exactly once raises no doubt', async () => {
  const book = new Book(3)
  for (const entry of [2, 0, 1]) book.mark(entry)

  await book.full
  expect(wrongCounts(book.counts('steps'))).toEqual([])
})

test('one step doubled and one lost are both seen, although their number is right', () => {
  const book = new Book(3)
  for (const entry of [0, 1, 1]) book.mark(entry)

  expect(wrongCounts(book.counts('steps'))).toEqual([{ of: 'steps, distinct', expected: 3, found: 2 }])
})

test('a step that runs again after all have run voids the figure', () => {
  const book = new Book(2)
  for (const entry of [0, 1, 0]) book.mark(entry)

  expect(wrongCounts(book.counts('steps'))).toEqual([{ of: 'steps, in all', expected: 2, found: 3 }])
})

test('who waits for an entry learns when it was made, before or after asking', async () => {
  const book = new Book(2)
  const early = book.made(1)
  book.mark(1)

  expect(await early).toBe(await book.made(1))
  expect(book.latenessMs(await early, 1)).toEqual([0])
})
