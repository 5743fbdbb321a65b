/** A text message to one person, as every provider takes it. */
export type Sms = {
  /** E.164: +447700900123. */
  readonly to: string
  readonly body: string
}

export const SMS_CHARS_MAX = 1_600
const E164 = /^\+[1-9]\d{6,14}$/
// A line break is part of a text; every other control character is not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/

/** What in a text keeps it from being sent by anybody; null when all is well. */
export function unsendable(sms: Sms): string | null {
  if (!E164.test(sms.to)) return 'phone_unreadable'
  if (sms.body.trim() === '') return 'text_empty'
  if (sms.body.length > SMS_CHARS_MAX) return 'text_too_long'
  return CONTROL.test(sms.body) ? 'control_character_in_text' : null
}
