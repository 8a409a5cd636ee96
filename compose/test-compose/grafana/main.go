// Reads dashboards as Grafana's own SDK describes them: a field that a dashboard, a panel or its options do not have,
// or that is missing or of another type, is an error.
package main

import (
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	plugins.RegisterDefaultPlugins()
	for _, file := range os.Args[1:] {
		text, err := os.ReadFile(file)
		if err != nil {
			fail(file, err)
		}
		var board dashboard.Dashboard
		// Its list of errors is never nil, but may be empty.
		if err := board.UnmarshalJSONStrict(text); err != nil && err.Error() != "" {
			fail(file, err)
		}
		if err := board.Validate(); err != nil {
			fail(file, err)
		}
		fmt.Printf("%s: %d panels\n", file, len(board.Panels))
	}
}

func fail(file string, err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
	os.Exit(1)
}
