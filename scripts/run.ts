import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** One step of a script: shown, timed, and the end of the script when it fails. */
export async function run(
  title: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const startedAt = performance.now()
  process.stdout.write(`\n▸ ${title}\n`)
  const [program = '', ...args] = command
  const code = await new Promise<number>((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`)
      resolve(127)
    })
    child.on('exit', (status) => resolve(status ?? 1))
  })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (code !== 0) {
    process.stderr.write(`✗ ${title} failed after ${seconds} s (exit ${code})\n`)
    process.exit(code)
  }
  process.stdout.write(`✓ ${title}, ${seconds} s\n`)
}

/** A tool of node_modules, run by the Node this project brings along. */
export const tool = (name: string, ...args: string[]): string[] => [
  process.execPath,
  path.join('node_modules', '.bin', name),
  ...args,
]

/** The parts of the tests that vitest.config.ts names. */
export const vitest = (...projects: string[]): string[] =>
  tool('vitest', 'run', ...projects.flatMap((name) => ['--project', name]))

export const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, program)))
