import type { SmtpTrouble } from './smtp-line.ts'

/** Where a trial of a mail server ended, and in words what a person can do about it. */
export type TrialStep =
  | 'address'
  | 'name'
  | 'connection'
  | 'encryption'
  | 'sign_in'
  | 'sender'
  | 'recipient'
  | 'letter'
export type TrialTrouble = { readonly step: TrialStep; readonly says: string; readonly help: string }

type Place = {
  readonly host: string
  readonly port: number
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly from: string
}

const FORBIDDEN: { readonly [why: string]: string } = {
  inner_name: 'This name leads into an inner network, where letters of a business are not carried.',
  inner_address: 'This address lies in an inner network, where letters of a business are not carried.',
  own_host: 'This is the address of this very house.',
  port_not_allowed: 'Mail servers do not take letters on this port.',
  address_unreadable: 'This is no address of a server.',
}
export const forbiddenInWords = (why: string): string => FORBIDDEN[why] ?? 'Nothing may be sent there.'

const UNKNOWN_NAME = new Set(['enotfound', 'edns', 'enodata'])
const NO_LINE = new Set(['econnrefused', 'ehostunreach', 'enetunreach', 'econnreset', 'econnection', 'epipe'])
const CERTIFICATE = /cert|self_signed|issuer|altname|unable_to_verify/
const TOO_SLOW = new Set(['etimedout', 'timeout', 'aborted'])

export function troubleInWords(trouble: SmtpTrouble, { host, port, tls, from }: Place): TrialTrouble {
  const why = trouble.reason ?? trouble.cause
  const said = quoted(trouble.response)
  if (trouble.cause === 'eforbidden')
    return {
      step: 'address',
      says: forbiddenInWords(why),
      help:
        why === 'port_not_allowed'
          ? 'Take 587 (STARTTLS) or 465 (TLS), as your mail provider names it.'
          : 'Take the public name of your mail provider’s server. Whoever runs this house can allow inner networks with WEDSYNC_INNER_MAIL.',
    }
  if (UNKNOWN_NAME.has(why) || why === 'eai_again')
    return {
      step: 'name',
      says:
        why === 'eai_again'
          ? `The name ${host} could not be looked up just now.`
          : `There is no server by the name ${host}.`,
      help:
        why === 'eai_again' ? 'Try again in a moment.' : 'Look for a slip of the pen in the server’s name.',
    }
  if (trouble.cause === 'eauth' || [530, 534, 535].includes(trouble.code ?? 0))
    return {
      step: 'sign_in',
      says: `${host} does not accept this user and password${said}.`,
      help: 'Many providers want a password made for programs (“app password”) instead of the one you sign in with, and the whole address as user.',
    }
  if (CERTIFICATE.test(why))
    return {
      step: 'encryption',
      says: `${host} cannot prove that it is ${host} (${why}).`,
      help: 'Take the name that stands in its certificate, mostly the one your provider names; nothing is sent to a server that cannot prove who it is.',
    }
  if (trouble.cause === 'etls' || /ssl|tls|eproto$/.test(why))
    return {
      step: 'encryption',
      says:
        tls === 'implicit'
          ? `${host} does not speak TLS from the first byte on port ${port}.`
          : `${host} offers no encryption (STARTTLS) on port ${port}.`,
      help:
        tls === 'implicit'
          ? 'Take port 587 with STARTTLS, or the port your provider names for TLS.'
          : 'Take port 465 with TLS, or the port your provider names for STARTTLS. Without encryption no password is sent.',
    }
  if (TOO_SLOW.has(why) || TOO_SLOW.has(trouble.cause))
    return {
      step: trouble.stage === 'connecting' ? 'connection' : 'letter',
      says: `${host} did not answer on port ${port} in time.`,
      help:
        tls === 'starttls' && port === 465
          ? 'Port 465 speaks TLS from the first byte: choose TLS.'
          : 'Look at the port: 587 with STARTTLS, 465 with TLS. A firewall may stand in between.',
    }
  if (trouble.stage === 'connecting') {
    const refused = NO_LINE.has(why)
    return {
      step: 'connection',
      says: refused
        ? `Nobody answers on ${host}, port ${port} (${why}).`
        : `${host} does not let us in${said || ` (${why})`}.`,
      help: 'Look at the name and the port: 587 with STARTTLS, 465 with TLS.',
    }
  }
  if (trouble.command === 'RCPT TO')
    return {
      step: 'recipient',
      says: `${host} signs us in, but does not carry a letter to your own address${said}.`,
      help: 'Some servers send only what comes from their own domain, or only to it. Ask your provider.',
    }
  if (trouble.command === 'MAIL FROM' || [550, 553].includes(trouble.code ?? 0))
    return {
      step: 'sender',
      says: `${host} signs us in, but does not send letters from ${from}${said}.`,
      help: 'Take the address of the account as sender, or let your provider allow this one for it.',
    }
  return {
    step: 'letter',
    says: `${host} did not take the letter${said || ` (${why})`}.`,
    help: 'Read what the server says; your provider can tell what it means.',
  }
}

const SAID_MAX = 200
const quoted = (response: string | undefined): string => {
  const first = response?.split('\n')[0]?.trim().slice(0, SAID_MAX) ?? ''
  return first === '' ? '' : `: “${first}”`
}
