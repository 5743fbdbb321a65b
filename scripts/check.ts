import { run, tool, vitest } from './run.ts'

/**
 * The gate before a commit: format, types for server, browser and app, nothing dead, and every test that needs
 * no kills and no browser.
 */
await run('format and lint', ['node_modules/.bin/biome', 'check', '.'])
await run('types', tool('tsc', '-p', 'tsconfig.json'))
await run('types without Node, as in a browser', tool('tsc', '-p', 'tsconfig.browser.json'))
await run('types of the web app', tool('tsc', '-p', 'tsconfig.web.json'))
await run('nothing that nobody uses', tool('knip', '--no-progress'))
await run('tests', vitest('alone', 'together'))
