export { NoticeCentre } from "./centre";
export { notify } from "./store";
