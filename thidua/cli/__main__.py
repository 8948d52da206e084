from thidua.cli.dispatch import main

raise SystemExit(main())
