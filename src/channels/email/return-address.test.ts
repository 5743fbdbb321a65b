import { expect, test } from 'vitest'
import type { EffectId, VendorId } from '../../core/ids.ts'
import {
  effectPart,
  markPart,
  readReturnToken,
  readTrialToken,
  returnToken,
  trialToken,
} from './return-address.ts'

const secret = Buffer.alloc(32, 7)
const address = {
  vendor: '00f1a2b3-0000-7000-8000-0123456789ab' as VendorId,
  effect: effectPart('a94a8fe5-ccb1-8ba6-9c4c-0873d391e987' as EffectId),
  mark: markPart(Buffer.from('00ff10203040', 'hex')),
}

test('a return address fits before the @ of any mail server and is read again, in capitals too', () => {
  const token = returnToken(secret, address)
  expect(token).toMatch(/^[a-z2-7]{64}$/)
  expect(readReturnToken(secret, token)).toEqual(address)
  expect(readReturnToken(secret, token.toUpperCase())).toEqual(address)
})

test('whatever this house has not signed is no address: another key, one changed sign, another purpose', () => {
  const token = returnToken(secret, address)
  expect(readReturnToken(Buffer.alloc(32, 8), token)).toBeNull()
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'a' ? 'b' : 'a'
    expect(readReturnToken(secret, `${token.slice(0, at)}${other}${token.slice(at + 1)}`)).toBeNull()
  }
  expect(readReturnToken(secret, token.slice(1))).toBeNull()
  expect(readReturnToken(secret, `${token}a`)).toBeNull()
  const trial = trialToken(secret, address.vendor, '11111111-2222-7333-8444-555555555555')
  expect(readReturnToken(secret, trial)).toBeNull()
  expect(readTrialToken(secret, token)).toBeNull()
  expect(readTrialToken(secret, trial)).toEqual({
    vendor: address.vendor,
    trial: '11111111-2222-7333-8444-555555555555',
  })
})
