import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { Chart, Gauge } from ".";

const chart = (
  <Chart
    label="Tokens per day"
    kind="bars"
    x={[1, 2]}
    series={[
      { label: "Input", values: [10, 20] },
      { label: "Output", values: [null, 5] },
    ]}
    formatX={(x) => `day ${x}`}
    formatValue={(value) => `${value} tokens`}
  />
);

describe("Chart", () => {
  it("says in a table what it draws, latest first", () => {
    render(chart);

    const table = within(screen.getByRole("table", { name: "Tokens per day" }));
    expect(table.getAllByRole("row").map((row) => row.textContent)).toEqual([
      "WhenInputOutput",
      "day 220 tokens5 tokens",
      "day 110 tokens–",
    ]);
  });

  it("shows the table to everybody on demand", async () => {
    render(chart);

    await userEvent.click(screen.getByRole("button", { name: "Show as table" }));

    expect(screen.getByRole("group", { name: "Tokens per day, as a table" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Show as chart" })).toBeTruthy();
  });
});

describe("Gauge", () => {
  it("draws nothing that looks empty where only a number is known", () => {
    render(<Gauge label="Memory" value={undefined} text="800 MB" />);

    expect(screen.getByText("800 MB")).toBeTruthy();
    expect(screen.queryByRole("meter")).toBeNull();
  });

  it("is a meter with its value in words", () => {
    render(<Gauge label="Event loop" value={0.61} text="61 %" />);

    const meter = screen.getByRole("meter", { name: "Event loop" });
    expect(meter.getAttribute("aria-valuenow")).toBe("61");
    expect(meter.getAttribute("aria-valuetext")).toBe("61 %");
  });
});
