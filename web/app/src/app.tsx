import { panels } from "@/panels";

export function App() {
  return <p>{panels.length}</p>;
}
