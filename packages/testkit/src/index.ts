export { seededRandom } from '@tam/util'
