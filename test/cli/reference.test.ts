import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { program } from '../../src/cli/program.ts'

/** What a command says of itself, as it would on a wide terminal without colours. */
function helpOf(command: Command): string {
  let said = ''
  command.configureOutput({
    writeOut: (text) => {
      said += text
    },
    getOutHelpWidth: () => 120,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return said.trimEnd().replaceAll(/\n{3,}/g, '\n\n')
}

type Named = { readonly words: string; readonly command: Command }
const all = (words: string, command: Command): Named[] => [
  { words, command },
  ...command.commands.flatMap((one) => all(`${words} ${one.name()}`, one)),
]
const commands = all('wedsync', program)

test('docs/cli.md is what the commands say of themselves (UPDATE_GOLDEN=1 writes it)', () => {
  const file = path.join(import.meta.dirname, '../../docs/cli.md')
  const text = [
    '# The command line',
    'Written from the program itself by `test/cli/reference.test.ts`: `wedsync <command> --help` says the same.',
    ...commands.map(({ words, command }) => `## ${words}\n\n\`\`\`\n${helpOf(command)}\n\`\`\``),
  ].join('\n\n')
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, `${text}\n`)
  expect(readFileSync(file, 'utf8')).toBe(`${text}\n`)
})

test('every command teaches: a sentence, examples that name it, what to do next, and a value for programs', () => {
  for (const { words, command } of commands.filter((one) => one.command.commands.length === 0)) {
    const help = helpOf(command)
    const taught = [/\nExamples:\n/, new RegExp(`\\$ .*${words}`), /\nNext: /, /--json/].map((one) =>
      one.test(help),
    )
    expect([words, ...taught]).toEqual([words, true, true, true, true])
  }
})

test('every group says how one begins with it', () => {
  for (const { words, command } of commands.filter((one) => one.command.commands.length > 0))
    expect([words, helpOf(command).split('say how a command is used').at(-1)!.trim().length > 40]).toEqual([
      words,
      true,
    ])
})
