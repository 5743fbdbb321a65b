import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

/** The drawing for people and the constraint for machines name the same states. */
async function drawn(heading: string): Promise<string[]> {
  const text = await readFile('docs/run-lifecycle.md', 'utf8')
  const part = text.split(/^## /m).find((one) => one.startsWith(heading)) ?? ''
  const arrows = [...part.matchAll(/^ {2}(\S+) --> (\w+|\[\*\])/gm)].flatMap((match) => [
    match[1]!,
    match[2]!,
  ])
  return [...new Set(arrows)].filter((state) => state !== '[*]').sort()
}

async function allowed(table: string, column: string): Promise<string[]> {
  const sql = await readFile('src/store/migrations/0001-heart.sql', 'utf8')
  const body = sql.slice(sql.indexOf(`create table app.${table} (`))
  const check =
    new RegExp(`${column} text not null check \\(${column} in \\(([^)]*)\\)`).exec(body)?.[1] ?? ''
  return [...check.matchAll(/'(\w+)'/g)].map((match) => match[1]!).sort()
}

test('the states of a run in the drawing are those of the table', async () => {
  expect(await drawn('A run')).toEqual(await allowed('run', 'status'))
})

test('the states of an effect in the drawing are those of the table', async () => {
  expect(await drawn('An effect')).toEqual(await allowed('effect', 'state'))
})
