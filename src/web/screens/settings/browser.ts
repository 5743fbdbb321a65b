/** What a browser says of itself, as people call it: enough to tell the phone from the desk. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const MACHINES: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'an iPhone'],
  [/iPad/, 'an iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'a Mac'],
  [/Linux/, 'Linux'],
]
const find = (of: readonly (readonly [RegExp, string])[], agent: string): string | undefined =>
  of.find(([sign]) => sign.test(agent))?.[1]

export function browserOf(agent: string | null): string {
  const browser = find(BROWSERS, agent ?? '')
  const machine = find(MACHINES, agent ?? '')
  return browser && machine ? `${browser} on ${machine}` : (browser ?? machine ?? 'Something unknown')
}
