import { ensureWebApp } from '../src/web-build.ts'

// Builds the web app when it is missing or older than its sources; with --force always.
const built = await ensureWebApp((line) => console.log(line), process.argv.includes('--force'))
if (!built) process.exitCode = 1
