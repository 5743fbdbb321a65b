import type { Answers } from '../../core/form/answers.ts'
import type { Condition } from '../../core/journey/condition.ts'

export function judge(condition: Condition, answers: Answers): boolean
