import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainCell, readCsv, writeCsv } from './csv.ts'

const texts = (text: string): string[][] => {
  const read = readCsv(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return [read.sheet.header, ...read.sheet.rows].map((row) => row.cells.map((cell) => cell.text))
}
const problems = (text: string) => {
  const read = readCsv(text)
  return read.ok ? [] : read.problems.map(({ code, path }) => `${path} ${code}`)
}

test('what was written is read again, whatever it holds', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '\t', '=', '+', "'", ' ', 'ß'),
  })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), (rows) => {
      const wanted = [['a', 'b'], ...rows]
      const back = texts(writeCsv(wanted))
      expect(back.map((row) => row.map(plainCell))).toEqual(
        wanted.map((row) => row.map((text) => plainCell(text))),
      )
    }),
  )
})

test('no cell that leaves can be run by a spreadsheet', () => {
  const written = writeCsv([['=1+1', '+44 20', '-2', '@x', 'plain', '\tx', '＝1', '＋1', '－1', '＠x']])
  expect(written).toBe(`'=1+1,'+44 20,'-2,'@x,plain,"'\tx",'＝1,'＋1,'－1,'＠x\r\n`)
})

test('quotes, line ends inside cells, a byte order mark and a last line without an end are understood', () => {
  expect(texts('\uFEFFname,note\r\n"Anna ""A""","two\nlines"\r\nBen,')).toEqual([
    ['name', 'note'],
    ['Anna "A"', 'two\nlines'],
    ['Ben', ''],
  ])
})

test('semicolons and tabs divide as well, and empty lines are no rows', () => {
  expect(texts('a;b\n1;2,5\n\n\n3;4\n')).toEqual([
    ['a', 'b'],
    ['1', '2,5'],
    ['3', '4'],
  ])
  expect(texts('a\tb\n1\t2')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ])
})

test('every trouble is located by line and column', () => {
  expect(problems('')).toEqual(['1:1 empty'])
  expect(problems('a,b\n1\n1,2,3\n"x"y,2')).toEqual(['4:4 quote', '2:1 width', '3:1 width'])
  expect(problems('a,b\n"two\nlines",2\n1,"open')).toEqual(['4:3 unclosed'])
})
