import fc from 'fast-check'

/** What a careless program and a malicious one put where something else was meant. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\r\nSet-Cookie: stolen=1',
    "'; drop table app.client; --",
    "' or '1'='1",
    '%_%',
    '\\',
    '{{ constructor.constructor("return process")() }}',
    '{{ client | json }}',
    '{% include "/etc/passwd" %}',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'javascript:alert(1)',
    'data:text/html,<script>',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]:5432/',
    'file:///etc/passwd',
    '../../../../etc/passwd',
    '%2e%2e%2f%2e%2e%2f',
    '=cmd|" /C calc"!A0',
    '__proto__',
    'constructor',
    'null',
    'undefined',
    'NaN',
    '1e999',
    '-0',
    '0x10',
    '9'.repeat(400),
    'a'.repeat(70_000),
    '👰🏽‍♀️'.repeat(50),
    '‮nimda',
    'İıſK',
    '2028-02-30',
    '0000-00-00',
    '+275760-09-13T00:00:00.001Z',
    '2028-06-10T25:00:00Z',
    'Europe/Atlantis',
    '../Europe/London',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e308,
    [],
    {},
    [[[[[[[[[[]]]]]]]]]],
    JSON.parse('{"__proto__":{"admin":true}}'),
    { constructor: { prototype: { admin: true } } },
    { toString: 'x', valueOf: 1, hasOwnProperty: null },
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

type Spot = { readonly path: readonly (string | number)[] }

/** Every place in a value, the value itself first. */
function spots(value: unknown, path: readonly (string | number)[] = []): Spot[] {
  const inside = Array.isArray(value)
    ? value.flatMap((one, at) => spots(one, [...path, at]))
    : value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([name, one]) => spots(one, [...path, name]))
      : []
  return [{ path }, ...inside]
}

function changedAt(
  value: unknown,
  path: readonly (string | number)[],
  to: (old: unknown) => unknown,
): unknown {
  const [head, ...rest] = path
  if (head === undefined) return to(value)
  if (Array.isArray(value)) return value.map((one, at) => (at === head ? changedAt(one, rest, to) : one))
  return Object.fromEntries(
    Object.entries(value as object).map(([name, one]) => [
      name,
      name === head ? changedAt(one, rest, to) : one,
    ]),
  )
}

/** One thing is wrong with it: a part is missing, is of another kind, is one too many or stands twice. */
export const nearly = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(valid, fc.nat(), fc.constantFrom('replaced', 'removed', 'added', 'doubled'), hostileValue)
    .map(([value, which, how, hostile]) => {
      const places = spots(value)
      const { path } = places[which % places.length] ?? { path: [] }
      if (how === 'replaced') return changedAt(value, path, () => hostile)
      if (how === 'doubled') return changedAt(value, path, (old) => [old, old])
      if (how === 'removed') {
        const last = path.at(-1)
        return changedAt(value, path.slice(0, -1), (old) => without(old, last))
      }
      return changedAt(value, path, (old) =>
        old !== null && typeof old === 'object' && !Array.isArray(old)
          ? { ...old, surprise: hostile, vendor: '01900000-0000-7000-8000-000000000000' }
          : Array.isArray(old)
            ? [...old, hostile]
            : hostile,
      )
    })

function without(value: unknown, name: string | number | undefined): unknown {
  if (Array.isArray(value)) return value.filter((_, at) => at !== name)
  if (value === null || typeof value !== 'object') return null
  return Object.fromEntries(Object.entries(value).filter(([one]) => one !== name))
}
