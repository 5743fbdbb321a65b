import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { SETTINGS_KNOWN } from '../../src/config.ts'
import { sources } from '../sources.ts'

/** What an operator is told to type at night is there: each command, option, setting, metric and page of the runbooks. */
const folder = path.join(import.meta.dirname, '../../docs/runbooks')
const pages = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(path.join(folder, name), 'utf8'),
}))
const found = (pattern: RegExp): string[] => [
  ...new Set(pages.flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))),
]
const written = (folders: string): string =>
  sources(folders)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')

test('every command and option', () => {
  const cli = written('src/cli')
  const lines = found(/npx wedsync ([^`\n]*)/g)
  expect(lines.length).toBeGreaterThan(15)
  const names = new Set(
    [...cli.matchAll(/(?:\.command\(\s*'|group\(\s*'|name: ')([a-z-]+)/g)].map((match) => match[1]),
  )
  const options = new Set([...cli.matchAll(/'(--[a-z-]+)/g)].map((match) => match[1]))
  for (const line of lines) {
    const words = line.split(' ')
    const commands = words.slice(
      0,
      words.findIndex((word) => !/^[a-z-]+$/.test(word) || word.startsWith('--')) >>> 0,
    )
    expect(
      commands.filter((word) => !names.has(word)),
      line,
    ).toEqual([])
    expect(
      words.filter((word) => word.startsWith('--') && !options.has(word)),
      line,
    ).toEqual([])
  }
})

test('every setting, metric and page', () => {
  const settings = SETTINGS_KNOWN.map((one) => one.name)
  expect(found(/\b(WEDSYNC_[A-Z_]+)/g).filter((name) => !settings.includes(name))).toEqual([])
  const api = written('src/api')
  expect(found(/\b(wedsync_[a-z_]+)/g).filter((name) => !api.includes(`'${name}'`))).toEqual([])
  expect(found(/\]\(([^)]+)\)/g).filter((name) => !existsSync(path.join(folder, name)))).toEqual([])
})
