import { isInstalled, run, tool, vitest } from './run.ts'

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
// Whoever starts the product, here and in a browser, finds it built.
await run('the web app', [process.execPath, 'scripts/build-web.ts'])
await run('tests', vitest('alone', 'kills', 'together'))
await run('stories in a browser', vitest('stories'))
// Beside a neighbour these would judge the neighbour: how quick a page is, how soon one recovers.
await run('what must be quick in a browser', vitest('quick'))
await run('two minutes of real faults', vitest('storm'))

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
