import { check } from './check.ts'
import { readHistory } from './read-history.ts'
import { verdict } from './verdict.ts'

// bun tools/drill/checker/main.ts <history.jsonl>: judges a recorded history again.
const path = process.argv[2]
if (path === undefined) {
  console.error('usage: bun tools/drill/checker/main.ts <history.jsonl>')
  process.exit(2)
}
const history = await readHistory(path)
const { passed, text } = verdict(history, check(history))
console.log(text)
process.exit(passed ? 0 : 1)
