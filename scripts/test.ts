import { isInstalled, run, tool } from './run.ts'

/**
 * Everything, on a machine that has only npm: what the distributed set-up needs beside is installed with the
 * system's package manager when that is allowed, and named exactly when it is not.
 */
await install('redis-server', 'redis-server')
await install('chromium', 'chromium')
await install('curl', 'curl')
await run('format and lint', ['node_modules/.bin/biome', 'check', '.'])
await run('types', tool('tsc', '-p', 'tsconfig.json'))
await run('types without Node, as in a browser', tool('tsc', '-p', 'tsconfig.browser.json'))
await run('types of the web app', tool('tsc', '-p', 'tsconfig.web.json'))
await run('tests', tool('vitest', 'run', '--exclude', 'test/faults/**', '--exclude', 'test/e2e/**'))
// One after the other: a browser, its server and its database are enough for two cores.
await run('stories in a browser', tool('vitest', 'run', 'test/e2e', '--no-file-parallelism'))
await run('two minutes of real faults', tool('vitest', 'run', 'test/faults'))

async function install(program: string, packageName: string): Promise<void> {
  if (isInstalled(program)) return
  const mayInstall = process.getuid?.() === 0 && isInstalled('apt-get')
  if (!mayInstall) {
    process.stderr.write(
      `${program} is missing. Install it (Debian: apt-get install ${packageName}) and run the tests again.\n`,
    )
    process.exit(69)
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('package lists', ['apt-get', 'update', '-q'], env)
  await run(
    `${packageName} from the system's packages`,
    ['apt-get', 'install', '-y', '-q', '--no-install-recommends', packageName],
    env,
  )
}
