import { describe, expect, test } from 'vitest'
import { isFrom, readableNetworks, readNetwork } from './networks.ts'

/** One address, in every form that a line may give it. */
const INSIDE = [
  '203.0.113.9',
  '::ffff:203.0.113.9',
  '::FFFF:203.0.113.9',
  '::ffff:cb00:7109',
  '0:0:0:0:0:ffff:cb00:7109',
]
const SIX = ['2001:db8::9', '2001:0DB8:0:0::9', '2001:db8:0:0:0:0:0:9']
const ELSEWHERE = [
  '203.0.114.9',
  '::ffff:203.0.114.9',
  '198.51.100.1',
  '2001:db9::9',
  '::1',
  '::',
  '::203.0.113.9',
  '64:ff9b::203.0.113.9',
  '2002:cb00:7109::',
]
const UNREADABLE = [
  undefined,
  '',
  'unknown',
  '203.0.113',
  '203.0.113.9.',
  '0313.0.113.9',
  '3405803785',
  '203.0.113.9:443',
  '[2001:db8::9]',
  'fe80::9%eth0',
  '2001:db8::9%1',
  ' 203.0.113.9',
  '203.0.113.9, 198.51.100.1',
]

describe.each([
  ['203.0.113.9'],
  ['203.0.113.9/32'],
  ['203.0.113.0/24'],
  ['203.0.113.77/24'],
  ['::ffff:203.0.113.9'],
  ['::ffff:203.0.113.0/120'],
  ['::FFFF:cb00:7100/120'],
])('a list of %s', (network) => {
  test('lets in whoever is within it, however their address is written, and nobody else', () => {
    expect(INSIDE.filter((one) => !isFrom([network], one))).toEqual([])
    expect([...SIX, ...ELSEWHERE].filter((one) => isFrom([network], one))).toEqual([])
  })
})

describe.each([['2001:db8::9'], ['2001:DB8::/32'], ['2001:db8:0::/48'], ['2001:db8:0:0:0:0:0:9/128']])(
  'a list of %s',
  (network) => {
    test('lets in whoever is within it, and no IPv4', () => {
      expect(SIX.filter((one) => !isFrom([network], one))).toEqual([])
      expect([...INSIDE, ...ELSEWHERE].filter((one) => isFrom([network], one))).toEqual([])
    })
  },
)

test('all of IPv6 holds no IPv4, and all of IPv4 no IPv6', () => {
  expect([...INSIDE, ...SIX].filter((one) => isFrom(['::/0'], one))).toEqual(SIX)
  expect([...INSIDE, ...SIX].filter((one) => isFrom(['0.0.0.0/0'], one))).toEqual(INSIDE)
})

test('without a list everybody is let in; with one, nobody whose address cannot be read', () => {
  for (const one of [...UNREADABLE, ...INSIDE]) expect(isFrom([], one)).toBe(true)
  for (const one of UNREADABLE) expect([one, isFrom(['0.0.0.0/0', '::/0'], one)]).toEqual([one, false])
})

test('what a list holds that cannot be read lets nobody in, and is refused when it is written', () => {
  const broken = [
    '203.0.113.9/33',
    '203.0.113.9/-1',
    '203.0.113.9/08',
    '203.0.113.9/',
    '203.0.113.9/24/8',
    '2001:db8::/129',
    '::ffff:203.0.113.9/95',
    'example.org',
    '203.0.113.*',
    '',
  ]
  for (const one of broken) {
    expect([one, readNetwork(one)]).toEqual([one, null])
    expect([one, isFrom([one], '203.0.113.9')]).toEqual([one, false])
    expect(() => readableNetworks(['203.0.113.7', one])).toThrow('no addresses and no ranges')
  }
  expect(readableNetworks(['203.0.113.7', '203.0.113.7', '2001:db8::/32'])).toEqual([
    '203.0.113.7',
    '2001:db8::/32',
  ])
})
