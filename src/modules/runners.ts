import { runEmail } from './email/run.ts'
import { runRichEmail } from './email/run-rich.ts'
import { runFormLetter } from './form/run.ts'
import type { AnyRunner } from './runner.ts'
import { runSms } from './sms/run.ts'

/** What runs each of the definitions; the server's half of the list. */
export const runners: readonly AnyRunner[] = [runEmail, runRichEmail, runFormLetter, runSms]
