"""What `make test-stripe` runs."""

import sys

from tests.stripe.mode import main

sys.exit(main())
