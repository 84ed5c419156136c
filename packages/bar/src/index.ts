export { type Answer, type AnswerEvent, type AnswerState, noAnswer, withEvent, withRetry } from './answer-state.ts';
export { askForContext, askGateway, type ContextQuestion, GatewayProblem } from './ask-for-context.ts';
export { Bar, type BarProblem, type BarProps } from './bar.tsx';
export { ICON_NAMES, Icon } from './icons/icon.tsx';
export { safeHref } from './safe-href.ts';
export { barStyles } from './styles.ts';
