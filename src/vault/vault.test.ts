import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VendorId } from '../core/ids.ts'
import { type KeyStore, type Rng, type SealedPlace, SubjectErased } from '../ports.ts'
import { SealBroken } from './envelope.ts'
import { masterKeyOf } from './master-key.ts'
import { memoryKeyStore } from './memory-key-store.ts'
import { createVault, deterministicVault, type VaultParts } from './vault.ts'

const lumen = 'vendor-lumen' as VendorId
const flora = 'vendor-flora' as VendorId
const place: SealedPlace = { vendor: lumen, subject: 'anna', table: 'person', row: 'r1', column: 'email' }
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (plain: Uint8Array): string => new TextDecoder().decode(plain)
const master = masterKeyOf(randomBytes(32))

const vaultOn = (store: KeyStore, parts: Partial<VaultParts> = {}) =>
  createVault({ store, masters: [master], ...parts })

test('whatever was sealed opens again in its place, in this process and in another one', async () => {
  const store = memoryKeyStore()
  const vault = vaultOn(store)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.option(fc.string()), async (plain, subject) => {
      const there = { ...place, subject: subject?.replaceAll('\0', '') ?? null }
      const sealed = await vault.seal(there, plain)
      expect(Buffer.from(await vaultOn(store).open(there, sealed))).toEqual(Buffer.from(plain))
    }),
  )
})

describe('a sealed value opens nowhere but where it belongs (V1)', () => {
  const elsewhere: [string, Partial<SealedPlace>][] = [
    ['vendor', { vendor: flora }],
    ['subject', { subject: 'ben' }],
    ['owner', { subject: null }],
    ['table', { table: 'answer' }],
    ['row', { row: 'r2' }],
    ['column', { column: 'phone' }],
    ['border between two parts', { row: 'r1\u0001', column: 'mail' }],
  ]
  test.each(elsewhere)('not with another %s', async (_, difference) => {
    const vault = vaultOn(memoryKeyStore())
    const sealed = await vault.seal(place, bytes('anna@example.org'))
    await expect(vault.open({ ...place, ...difference }, sealed)).rejects.toThrow(SealBroken)
  })

  test('not with a bit flipped anywhere, nor shortened', async () => {
    const vault = vaultOn(memoryKeyStore())
    const sealed = await vault.seal(place, bytes('anna@example.org'))
    for (let index = 0; index < sealed.length; index++) {
      const flipped = sealed.slice()
      flipped[index] = (flipped[index] ?? 0) ^ 1
      await expect(vault.open(place, flipped)).rejects.toThrow(SealBroken)
      await expect(vault.open(place, sealed.subarray(0, index))).rejects.toThrow(SealBroken)
    }
  })

  test('not with a place that could be cut differently', async () => {
    const vault = vaultOn(memoryKeyStore())
    await expect(vault.seal({ ...place, row: 'r1\0email' }, bytes('x'))).rejects.toThrow('NUL')
  })
})

test('the same words sealed twice look different each time', async () => {
  const vault = vaultOn(memoryKeyStore())
  const seen = new Set<string>()
  for (let i = 0; i < 2_000; i++) seen.add(Buffer.from(await vault.seal(place, bytes('x'))).toString('hex'))
  expect(seen.size).toBe(2_000)
})

test('an erased person is unreadable and cannot be sealed for again; everybody else stays (V2)', async () => {
  const store = memoryKeyStore()
  const vault = vaultOn(store)
  const sealed = await vault.seal(place, bytes('Anna'))
  const bens = await vault.seal({ ...place, subject: 'ben' }, bytes('Ben'))
  await vault.erase(lumen, 'anna')

  await expect(vault.open(place, sealed)).rejects.toThrow(SubjectErased)
  await expect(vaultOn(store).open(place, sealed)).rejects.toThrow(SubjectErased)
  await expect(vault.seal(place, bytes('Anna again'))).rejects.toThrow(SubjectErased)
  expect(text(await vault.open({ ...place, subject: 'ben' }, bens))).toBe('Ben')
})

test('another process obeys an erasure within a minute (V4)', async () => {
  const store = memoryKeyStore()
  const clock = { ms: 0 }
  const other = vaultOn(store, { monotonicMs: () => clock.ms })
  const sealed = await other.seal(place, bytes('Anna'))
  await vaultOn(store).erase(lumen, 'anna')

  expect(text(await other.open(place, sealed))).toBe('Anna')
  clock.ms = 60_000
  await expect(other.open(place, sealed)).rejects.toThrow(SubjectErased)
})

test('a new master key takes over without touching a value, and the old one can then go (V3)', async () => {
  const store = memoryKeyStore()
  const [older, newer] = [masterKeyOf(randomBytes(32)), masterKeyOf(randomBytes(32))]
  const sealed = await createVault({ store, masters: [older] }).seal(place, bytes('Anna'))
  const markBefore = await createVault({ store, masters: [older] }).mark(lumen, 'email', 'a@b.org')

  const rotating = createVault({ store, masters: [newer, older] })
  expect(text(await rotating.open(place, sealed))).toBe('Anna')
  expect(await rotating.rewrap(10)).toBe(1)
  expect(await rotating.rewrap(10)).toBe(0)

  const after = createVault({ store, masters: [newer] })
  expect(text(await after.open(place, sealed))).toBe('Anna')
  expect(await after.mark(lumen, 'email', 'a@b.org')).toEqual(markBefore)
  await expect(createVault({ store, masters: [older] }).open(place, sealed)).rejects.toThrow('master key')
})

test('a key moved to another vendor or person opens nothing', async () => {
  const store = memoryKeyStore()
  const vault = vaultOn(store)
  const sealed = await vault.seal(place, bytes('Anna'))
  const moved = await store.get(lumen, 'anna')
  if (moved === null || moved === 'destroyed') throw new Error('the key was stored')
  await store.put(lumen, 'mallory', moved)
  await expect(vault.open({ ...place, subject: 'mallory' }, sealed)).rejects.toThrow(SealBroken)
})

test('two processes that meet a person at the same moment agree on the key', async () => {
  const store = memoryKeyStore()
  const [one, two] = [vaultOn(store), vaultOn(store)]
  const [a, b] = await Promise.all([one.seal(place, bytes('a')), two.seal(place, bytes('b'))])
  expect([text(await two.open(place, a)), text(await one.open(place, b))]).toEqual(['a', 'b'])
})

test('a store that fails once is asked again, not remembered as failing', async () => {
  const store = memoryKeyStore()
  let failing = true
  const vault = vaultOn({
    ...store,
    get: (vendor, subject) =>
      failing ? Promise.reject(new Error('connection lost')) : store.get(vendor, subject),
  })
  await expect(vault.seal(place, bytes('x'))).rejects.toThrow('connection lost')
  failing = false
  expect((await vault.seal(place, bytes('x'))).length).toBeGreaterThan(1)
})

test('only so many keys are kept, and the ones in use stay', async () => {
  const store = memoryKeyStore()
  const asked: (string | null)[] = []
  const vault = vaultOn(
    {
      ...store,
      get: (vendor, subject) => {
        asked.push(subject)
        return store.get(vendor, subject)
      },
    },
    { keptKeysMax: 2 },
  )
  for (const subject of ['a', 'b', 'a', 'c', 'a', 'b']) await vault.seal({ ...place, subject }, bytes('x'))
  expect(asked.filter((subject) => subject !== null)).toEqual(['a', 'b', 'c', 'b'])
})

describe('marks find equals without telling anything', () => {
  const vault = vaultOn(memoryKeyStore())
  const same: [string, string, string][] = [
    ['email', ' Anna@Example.ORG ', 'anna@example.org'],
    ['phone', '+44 (20) 7946-0018', '+442079460018'],
    ['phone', '0044 20 79460018', '+442079460018'],
    ['name', 'Ａnna  Smith', 'anna smith'],
  ]
  test.each(same)('%s %s is %s', async (purpose, a, b) => {
    expect(await vault.mark(lumen, purpose, a)).toEqual(await vault.mark(lumen, purpose, b))
  })
  test('of another vendor, purpose or value they differ', async () => {
    const marks = await Promise.all([
      vault.mark(lumen, 'email', 'a@b.org'),
      vault.mark(flora, 'email', 'a@b.org'),
      vault.mark(lumen, 'name', 'a@b.org'),
      vault.mark(lumen, 'email', 'b@b.org'),
    ])
    expect(new Set(marks.map((mark) => Buffer.from(mark).toString('hex'))).size).toBe(4)
    expect(marks[0]).toHaveLength(32)
  })
})

test('in the simulated world the same dice give the same bytes, and real vaults never do', async () => {
  const dice = (): Rng => {
    let state = 1
    return {
      u32: () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return state
      },
      uuid7: () => 'unused',
    }
  }
  const simulated = () => deterministicVault({ store: memoryKeyStore(), masters: [master], rng: dice() })
  expect(await simulated().seal(place, bytes('x'))).toEqual(await simulated().seal(place, bytes('x')))
  const real = () => vaultOn(memoryKeyStore()).seal(place, bytes('x'))
  expect(await real()).not.toEqual(await real())
})
