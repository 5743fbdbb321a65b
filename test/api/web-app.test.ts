import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../../src/api/web-app.ts'

let folder: string
let front: Hono
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wedsync-web-'))
  mkdirSync(path.join(folder, 'assets'))
  writeFileSync(path.join(folder, 'index.html'), '<meta name="style-nonce" content="{{nonce}}">')
  writeFileSync(path.join(folder, 'assets/app-1a2b.js'), 'plain')
  writeFileSync(path.join(folder, 'assets/app-1a2b.js.br'), 'short')
  writeFileSync(path.join(folder, 'made-of'), 'digest')
  front = new Hono()
  front.use(webApp(folder))
  front.all('*', (c) => c.text('somebody else', 404))
})
afterAll(() => rmSync(folder, { recursive: true }))

const browser = { accept: 'text/html,*/*;q=0.8', 'accept-encoding': 'gzip, br' }

describe('the built app', () => {
  test('any address a person may open is the page, with a policy that allows no inline script', async () => {
    const answer = await front.request('/clients/anna?stage=booked', { headers: browser })
    const policy = answer.headers.get('content-security-policy') ?? ''
    const nonce = /content="([^"]+)"/.exec(await answer.text())?.[1] ?? ''
    expect(answer.status).toBe(200)
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}';`)
    expect(policy).not.toContain('unsafe')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
  })

  test('two loads have two nonces', async () => {
    const [one, other] = await Promise.all([
      front.request('/', { headers: browser }),
      front.request('/', { headers: browser }),
    ])
    expect(await one.text()).not.toBe(await other.text())
  })

  test('a file with a hash may be kept for ever, and comes compressed to who can read it', async () => {
    const short = await front.request('/assets/app-1a2b.js', { headers: browser })
    expect(await short.text()).toBe('short')
    expect(short.headers.get('content-encoding')).toBe('br')
    expect(short.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const plain = await front.request('/assets/app-1a2b.js')
    expect([await plain.text(), plain.headers.get('content-encoding'), plain.headers.get('vary')]).toEqual([
      'plain',
      null,
      'accept-encoding',
    ])
  })

  test.each([
    ['a part of an older version', '/assets/app-0000.js', 'GET'],
    ['an address of the API', '/api/v1/clients', 'GET'],
    ['the metrics', '/metrics', 'GET'],
    ['the mailbox', '/mailbox', 'GET'],
    ['a letter', '/letters/a/b', 'GET'],
    ['the stamp of the build', '/made-of', 'GET'],
    ['a way out of the folder', '/assets/..%2f..%2fpackage.json', 'GET'],
    ['something that is sent', '/clients', 'POST'],
  ])('%s is somebody else’s', async (_, address, method) => {
    const answer = await front.request(address, {
      method,
      headers: { ...browser, accept: address === '/made-of' ? '*/*' : browser.accept },
    })
    expect(await answer.text()).toBe('somebody else')
  })

  test('a program that asks for JSON at an unknown address does not get a page', async () => {
    const answer = await front.request('/nowhere', { headers: { accept: 'application/json' } })
    expect(answer.status).toBe(404)
  })

  test('a folder without an app is refused at the start', () => {
    rmSync(path.join(folder, 'index.html'))
    expect(() => webApp(folder)).toThrow('holds no built app')
  })
})
