import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sources } from './sources.ts'

/**
 * Who may know whom (ARCHITECTURE.md). A folder may import itself and what is named here; nothing else, and no
 * package but those named. Tests may reach further.
 */
type Room = { readonly may: readonly string[]; readonly packages: readonly string[] }
const ROOMS: { readonly [room: string]: Room } = {
  core: { may: [], packages: ['zod'] },
  'ports.ts': { may: ['core'], packages: [] },
  'config.ts': { may: ['core'], packages: ['zod', 'node:path'] },
  'log.ts': { may: ['ports.ts'], packages: ['pino'] },
  store: { may: ['core', 'ports.ts'], packages: ['node:crypto', 'node:fs', 'node:path', 'node:async_hooks'] },
  channels: {
    may: ['core', 'ports.ts'],
    packages: [
      'nodemailer',
      'postal-mime',
      'undici',
      'standardwebhooks',
      'ipaddr.js',
      'cockatiel',
      'node:stream',
      'node:net',
      'node:dns',
      'node:crypto',
      'node:tls',
      'node:timers',
    ],
  },
  modules: {
    may: ['core', 'ports.ts', 'channels'],
    packages: ['zod', 'node:crypto', 'libphonenumber-js', 'sms-segments-calculator'],
  },
  triggers: { may: ['core'], packages: ['zod'] },
  templates: { may: ['core', 'modules'], packages: [] },
  sample: { may: ['core', 'ports.ts', 'store', 'modules', 'engine', 'templates'], packages: [] },
  vault: { may: ['core', 'ports.ts'], packages: ['node:crypto', 'node:fs', 'node:path'] },
  render: { may: ['core'], packages: ['node:worker_threads', 'mjml'] },
  postgres: { may: ['core', 'ports.ts', 'store'], packages: ['pg', 'node:'] },
  engine: {
    may: ['core', 'ports.ts', 'store', 'modules', 'triggers', 'templates'],
    packages: ['node:crypto', 'node:zlib', 'node:stream', 'date-holidays', 'zod'],
  },
  queue: {
    may: ['core', 'ports.ts', 'store', 'engine', 'postgres', 'platform'],
    packages: ['bullmq', 'ioredis', 'node:'],
  },
  platform: { may: ['core', 'ports.ts', 'store', 'engine'], packages: ['zod'] },
  accounts: {
    may: ['core', 'ports.ts', 'vault'],
    packages: ['better-auth', 'pg', 'node:crypto', 'node:util'],
  },
  // Pages of couples, without the app: they write through the engine, like the API.
  public: {
    may: ['core', 'ports.ts', 'engine', 'outgoing.ts'],
    packages: ['hono', 'node:crypto', 'node:fs', 'node:zlib'],
  },
  contract: { may: ['core'], packages: ['zod'] },
  api: {
    may: [
      'core',
      'ports.ts',
      'store',
      'engine',
      'contract',
      'platform',
      'sample',
      'outgoing.ts',
      'mail-in.ts',
      'channels',
      'accounts',
      'public',
    ],
    packages: [
      'hono',
      'zod',
      'prom-client',
      'rate-limiter-flexible',
      'ws',
      'node:crypto',
      'node:fs',
      'node:http',
      'node:net',
      'node:path',
      'node:stream',
    ],
  },
  // The kit knows no journeys, so it knows nobody; the app knows the kit and the shapes it is spoken to in.
  ui: {
    may: [],
    packages: ['react', 'radix-ui', 'cmdk', 'lucide-react', '@tanstack/react-virtual'],
  },
  // The designer draws, checks and runs ahead with the very functions of the engine; they are pure.
  web: {
    may: ['ui', 'contract', 'core', 'modules', 'triggers', 'templates'],
    packages: [
      'zod',
      '@xyflow/react',
      'react',
      'react-dom',
      'radix-ui',
      'cmdk',
      'lucide-react',
      '@tanstack/react-router',
      '@tanstack/react-query',
      '@tiptap',
    ],
  },
  // How a step of one type is edited: a part of the app that lies with its type.
  panel: {
    may: ['core', 'modules', 'ui', 'web', 'contract'],
    packages: ['react', 'radix-ui', 'cmdk', 'lucide-react', '@tanstack/react-query', '@tiptap', 'zod'],
  },
  'outgoing.ts': {
    may: ['core', 'ports.ts', 'store', 'engine', 'modules', 'channels'],
    packages: ['node:crypto'],
  },
  'mail-in.ts': { may: ['core', 'ports.ts', 'engine', 'channels'], packages: ['node:crypto'] },
  'secrets.ts': { may: ['config.ts', 'vault'], packages: ['node:crypto'] },
  'reach.ts': {
    may: ['core', 'ports.ts', 'config.ts', 'secrets.ts', 'store', 'postgres', 'queue', 'vault'],
    packages: ['node:fs', 'node:path', 'node:timers/promises', 'node:url'],
  },
}
/** Composition roots know everybody. */
const ROOTS = new Set([
  'main.ts',
  'serve.ts',
  'open-web.ts',
  'operate.ts',
  'backups.ts',
  'backup-keeper.ts',
  'web-build.ts',
  'cli',
])

const IMPORT =
  /^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
}

const roomOf = (file: string): string =>
  /^modules[/\\][^/\\]+[/\\]panel\.tsx$/.test(path.relative('src', file))
    ? 'panel'
    : (path.relative('src', file).split(path.sep)[0] ?? '')

test('nobody imports what lies behind a wall', () => {
  const breaches: string[] = []
  for (const file of sources('src')) {
    const room = roomOf(file)
    if (ROOTS.has(room)) continue
    const rule = ROOMS[room]
    if (!rule) {
      breaches.push(`${file} lies in ${room}, a room the drawing does not know`)
      continue
    }
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) {
        const target = roomOf(path.join(path.dirname(file), name))
        if (target !== room && !rule.may.includes(target)) breaches.push(`${file} imports ${target}`)
      } else if (!isAllowed(file, name, rule)) breaches.push(`${file} imports ${name}`)
    }
  }
  expect(breaches).toEqual([])
})

/** The text parser is core's one guest, in one file. */
function isAllowed(file: string, name: string, rule: Room): boolean {
  if (name === 'liquidjs') return path.relative('src', file) === path.join('core', 'merge.ts')
  return rule.packages.some((one) =>
    one.endsWith(':') ? name.startsWith(one) : name === one || name.startsWith(`${one}/`),
  )
}

test('store and engine hold only their own kinds of files', () => {
  expect(sources('src/core').filter((file) => /node:/.test(importsOf(file).join(' ')))).toEqual([])
})
