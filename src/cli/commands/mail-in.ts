import type { Command } from 'commander'
import { Refusal } from '../../core/refusal.ts'
import { MAIL_BYTES_TAKEN_MAX, type MailTaken, takeMail } from '../../mail-in.ts'
import { teach } from '../teach.ts'
import { give, say } from '../terminal.ts'
import { withHouse } from '../with-house.ts'

type Options = { json?: boolean; sender?: string }

/** As mail servers know them (sysexits): taken, bounce it, keep it and come again. */
const EXIT_OF: { readonly [taken in MailTaken]: number } = {
  taken: 0,
  known: 0,
  unknown: 67,
  unreadable: 65,
  not_yet: 75,
}
const COME_AGAIN = 75
const SAYS: { readonly [taken in MailTaken]: string } = {
  taken: 'Taken.',
  known: 'Known already: nothing was done again.',
  unknown: 'No letter of this house has this return address.',
  unreadable: 'This is no mail.',
  not_yet: 'The letter it is about is being sent this very moment; bring it again later.',
}

export function mailIn(program: Command): void {
  teach(
    program
      .command('mail-in <recipient>')
      .description(
        'Take one mail from standard input that came to the mail domain for returns; for the pipe of a mail server.',
      )
      .option('--sender <address>', 'the sender on the envelope; empty for a bounce'),
    {
      examples: ['wedsync mail-in "$RECIPIENT" --sender "$SENDER" < mail.eml'],
      next: 'docs/returned-mail.md shows the lines for Postfix and Exim. It ends with 0 (taken), 67 (no such address) or 75 (come again).',
    },
  ).action(async (recipient: string, options: Options) => {
    process.exitCode = await comeAgainOnFault(async () => {
      const raw = await standardInput()
      const taken = await withHouse((house) =>
        takeMail(
          house.engine,
          { secret: house.channels.returnSecret, mailFrom: house.channels.mailFrom },
          { recipient, sender: options.sender ?? null, raw, vendor: null },
        ),
      )
      give(options.json, { is: taken }, [SAYS[taken]])
      return EXIT_OF[taken]
    })
  })
}

/** Whatever is wrong with us, the mail is not lost: its server keeps it and tries later. */
async function comeAgainOnFault(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    say(error instanceof Refusal ? error.message : String(error))
    return error instanceof Refusal && error.code === 'too_large' ? EXIT_OF.unreadable : COME_AGAIN
  }
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    length += (chunk as Buffer).length
    if (length > MAIL_BYTES_TAKEN_MAX) throw new Refusal('too_large', 'This mail is larger than any we take.')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
