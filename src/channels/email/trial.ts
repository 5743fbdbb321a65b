import { type Mail, unsafeHeader } from './mail.ts'
import { type TrialTrouble, troubleInWords } from './mail-trouble.ts'
import { composed } from './smtp.ts'
import { SmtpLine, type SmtpServer } from './smtp-line.ts'

/** One line, one sign-in, one letter: what a person wants to know of a mail server before it is kept. */
export async function tryServer(
  server: SmtpServer,
  from: string,
  letter: Mail | null,
  signal: AbortSignal,
): Promise<TrialTrouble | null> {
  const place = { host: server.host, port: server.port, tls: server.tls, from }
  const unsafe = letter === null ? null : unsafeHeader(letter)
  if (letter !== null && unsafe !== null)
    return {
      step: 'sender',
      says: `A letter cannot come from “${letter.from.name ?? ''}” <${from}>.`,
      help: 'Write the name and the address of the sender anew.',
    }
  const line = new SmtpLine(server)
  try {
    const shut = await line.open(server.auth, signal)
    if (shut !== null) return troubleInWords(shut, place)
    if (letter === null) return null
    const sent = await line.send({ from, to: letter.to.address }, await composed(letter), signal)
    return sent.is === 'sent' ? null : troubleInWords(sent.trouble, place)
  } finally {
    line.close()
  }
}
